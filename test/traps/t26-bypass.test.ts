import { join } from 'node:path';
import { expect, test } from 'vitest';
import { normalise } from '../../src/chat/text/normalise.ts';
import { UsageError } from '../../src/errors.ts';
import { parseLine } from '../../src/pipeline/parse.ts';
import { createRegistry, loadCommands } from '../../src/pipeline/registry.ts';

const commands = await loadCommands(join(import.meta.dirname, '../../commands'));
const registry = createRegistry(commands);
const parse = (line: string) => parseLine(normalise(line).words, registry);

/** What in kubectl and etcdctl goes around a safety, and what people would try here. */
const BYPASSES = [
  '--force',
  '--force=true',
  '--grace-period=0',
  '--grace-period 0',
  '--now',
  '--disable-eviction',
  '--delete-emptydir-data',
  '--ignore-daemonsets',
  '--skip-wait-for-delete-timeout=1',
  '--validate=false',
  '--cascade=orphan',
  '--force-conflicts',
  '--overwrite',
  '--yes',
  '-y',
  '--no-confirm',
  '--skip-approval',
  '--no-audit',
  '--insecure-skip-tls-verify',
  '--as=system:admin',
  '--as-group=system:masters',
  '--reveal',
  '--show-secrets',
];

/** `/shipmate can-i` takes a whole other line; it only answers about it. */
const acting = commands.filter(({ args }) => Object.values(args).every((arg) => arg.verbatim !== true));

test.each(acting.map((command) => [command.name, command.examples[0] as string]))(
  'T26: /%s takes no flag that goes around a safety',
  (_, example) => {
    expect(parse(example).kind).toBe('command');
    const [typed, ...rest] = example.split(' -- ');
    for (const flag of BYPASSES) {
      const line = [`${typed} ${flag}`, ...rest].join(' -- ');
      expect(() => parse(line), line).toThrow(UsageError);
    }
  },
);

test.each([
  'drain node-1 --disable-eviction',
  'delete pod web-1 --force --grace-period=0',
  'taint node node-1 a=b:NoExecute',
])('T26: /k8s %s is not offered', (line) => {
  expect(() => parse(`/k8s ${line}`)).toThrow(UsageError);
});
