import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kubernetesRbac } from '../../deploy/generate/kubernetes-rbac.ts';
import { parseLine } from '../../src/pipeline/parse.ts';
import { createRegistry, loadCommands } from '../../src/pipeline/registry.ts';

const ROOT = join(import.meta.dirname, '../..');
const commands = await loadCommands(join(ROOT, 'commands'));

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

function rulesIn(text: string): Rule[] {
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as { rules?: Rule[] } | null)?.rules ?? []);
}

test.each([
  ['the manifest that is installed', readFileSync(join(ROOT, 'deploy/kubernetes/rbac.yaml'), 'utf8')],
  [
    'what is computed from the commands',
    kubernetesRbac(commands)
      .map(({ text }) => text)
      .join('\n---\n'),
  ],
])('T11: %s grants no way into a container, a node or through a proxy, by no verb', (_, text) => {
  const rules = rulesIn(text);

  expect(rules.length).toBeGreaterThan(5);
  for (const { apiGroups, resources, verbs } of rules) {
    for (const resource of resources)
      expect(resource).not.toMatch(/(^|\/)(exec|attach|portforward|proxy|ephemeralcontainers|token)$|^\*\/|\/\*$/);
    // `*` means subresources, too: `pods/exec` would be among those of the core group.
    if (apiGroups.includes('') || apiGroups.includes('*')) expect(resources).not.toContain('*');
    expect(apiGroups).not.toContain('*');
    for (const verb of verbs) expect(['get', 'list', 'watch', 'patch', 'update', 'create', 'delete']).toContain(verb);
    // What can be made runs what its CronJob or Job ran; what can be deleted comes back.
    if (verbs.includes('create')) expect([apiGroups, resources]).toEqual([['batch'], ['jobs']]);
    if (verbs.includes('delete')) expect([apiGroups, resources]).toEqual([[''], ['pods']]);
  }
});

test.each(['exec', 'attach', 'port-forward', 'proxy', 'cp', 'debug', 'run', 'edit'])(
  'T11: there is no /k8s %s',
  (verb) => {
    const line = ['/k8s', verb, 'web-1', '--', 'sh'].map((text) => ({ text }));

    expect(() => parseLine(line, createRegistry(commands))).toThrow(/isn't available from Slack|does not know/);
  },
);
