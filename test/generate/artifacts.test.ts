import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { commandsPage } from '../../deploy/generate/commands-page.ts';
import { configurationPage } from '../../deploy/generate/configuration-page.ts';
import { envExample } from '../../deploy/generate/env-example.ts';
import { kubernetesRbac } from '../../deploy/generate/kubernetes-rbac.ts';
import { rulesPage } from '../../deploy/generate/rules-page.ts';
import { slackManifest } from '../../deploy/generate/slack-manifest.ts';
import { envSchema } from '../../src/config.ts';
import { loadRules } from '../../src/incidents/load-rules.ts';
import { EVENT_STREAMS, WATCHED } from '../../src/incidents/scene/watched.ts';
import { defaultOf, thresholdFrom } from '../../src/incidents/settings.ts';
import { type AnyCommand, defineRead, flag, positional, text } from '../../src/sdk/index.ts';

const pods = { group: '', resources: ['pods', 'nodes'], verbs: ['list', 'get'] };

function command(name: string, extra: Partial<AnyCommand> = {}): AnyCommand {
  const read = defineRead({
    name,
    summary: `About ${name}`,
    examples: [`/${name} x`],
    args: {
      thing: positional(text, { placeholder: 'THING', summary: 'The thing' }),
      namespace: flag(text, { placeholder: 'NAMESPACE', summary: 'Where', short: 'n' }),
    },
    permission: 'k8s:read',
    rbac: [pods],
    run: async () => ({ title: name }),
  });
  return { ...read, ...extra } as AnyCommand;
}

const textOf = (artifacts: readonly { text: string }[]): string =>
  artifacts.map((artifact) => artifact.text).join('\n');

test('the example environment opens what is required and comments out the rest', () => {
  const text = textOf(envExample());

  expect(text).toMatch(/^SLACK_BOT_TOKEN=/m);
  expect(text).toMatch(/^#HTTP_PORT=8080$/m);
  for (const name of Object.keys(envSchema.shape)) expect(text).toMatch(new RegExp(`^#?${name}=`, 'm'));
});

test('the configuration page has a row for every variable and every key of the file', () => {
  const text = textOf(configurationPage());

  for (const name of Object.keys(envSchema.shape)) expect(text).toContain(`| \`${name}\` |`);
  expect(text).toContain('| `etcd.ALIAS.endpoints` | list of text | **required** |');
  expect(text).toContain('| `clusters.ALIAS.production` | true or false | `false` |');
});

test('the Slack manifest has one slash command for each first word, and no other', () => {
  const manifest = parse(textOf(slackManifest([command('shipmate status'), command('k8s get'), command('k8s scale')])));

  expect(manifest.features.slash_commands.map((each: { command: string }) => each.command)).toEqual([
    '/k8s',
    '/shipmate',
  ]);
  expect(manifest.features.slash_commands[0].usage_hint).toBe('[get | scale | help]');
  expect(manifest.settings.socket_mode_enabled).toBe(true);
});

test('a manifest that Slack would refuse is refused here', () => {
  const many = Array.from({ length: 51 }, (_, index) => command(`word${index} get`));

  expect(() => slackManifest(many)).toThrow('more than 50 slash commands');
});

test('RBAC is the sum of what the commands need, without repetition, reads apart from changes', () => {
  const patch = { group: 'apps', resources: ['deployments'], verbs: ['patch'] };
  const commands = [
    command('k8s get'),
    command('k8s top'),
    command('k8s scale', { risk: 'high', rbac: [patch] } as object),
  ];

  const roles = parseAllDocuments(textOf(kubernetesRbac(commands)))
    .map((document) => document.toJS() as { kind: string; metadata: { name: string }; rules: unknown })
    .filter(({ kind }) => kind === 'ClusterRole');

  expect(roles.map(({ metadata }) => metadata.name)).toEqual([
    'shipmate-read',
    'shipmate-read-more',
    'shipmate-watch',
    'shipmate-change',
  ]);
  const [read, , , change] = roles;
  expect(read?.rules).toEqual([{ apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list'] }]);
  expect(change?.rules).toEqual([{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] }]);
});

test('RBAC lets the watcher list and watch what rules judge, read evidence, and nothing else', () => {
  const watch = parseAllDocuments(textOf(kubernetesRbac([command('k8s get')])))
    .map((document) => document.toJS() as { kind: string; metadata: { name: string }; rules: RoleRule[] })
    .find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === 'shipmate-watch');

  const granted = new Map(
    watch?.rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) => resources.map((resource) => [`${group}/${resource}`, verbs] as const)),
    ),
  );
  for (const { group, plural } of [...WATCHED, ...EVENT_STREAMS]) {
    expect(granted.get(`${group}/${plural}`), plural).toEqual(['get', 'list', 'watch']);
  }
  expect(granted.get('/pods/log')).toEqual(['get']);
  expect(new Set([...granted.values()].flat())).toEqual(new Set(['get', 'list', 'watch']));
  expect([...granted.keys()].filter((target) => /secrets|configmaps|\*/.test(target))).toEqual([]);
});

interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

test('the rules page has each rule once, in a section that the table leads to, with its thresholds as they are written', async () => {
  const rules = await loadRules(join(import.meta.dirname, '../../src/incidents/rules'));

  const text = textOf(rulesPage([], rules));

  const sections = new Map(text.split(/^## /m).map((section) => [section.slice(0, 3), section]));
  for (const { id, title, settings } of rules) {
    expect(text.split(`## ${id} ${title}\n`)).toHaveLength(2);
    for (const [name, threshold] of Object.entries(settings)) {
      const written = new RegExp(`^\\| \`${name}\` \\| (.+) \\| .+ \\|$`, 'm').exec(sections.get(id) ?? '')?.[1];
      const read = thresholdFrom(threshold, written === 'at once' ? '0s' : written);
      expect(read, `${id} ${name}: ${written}`).toBe(defaultOf(threshold));
    }
  }
});

test('the commands page shows usage, arguments and examples of every command', () => {
  const text = textOf(commandsPage([command('k8s get')]));

  expect(text).toContain('/k8s get THING [-n NAMESPACE]');
  expect(text).toContain('-n, --namespace NAMESPACE  Where');
  expect(text).toContain('/k8s get x');
});
