import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { normalise } from '../../src/chat/text/normalise.ts';
import { UsageError } from '../../src/errors.ts';
import { namespaceFlag, optionalPositional, positional, text, wholeNumber } from '../../src/pipeline/args.ts';
import { type AnyCommand, defineChange, defineRead } from '../../src/pipeline/definition.ts';
import { parseLine } from '../../src/pipeline/parse.ts';
import { createRegistry, loadCommands, type Registry } from '../../src/pipeline/registry.ts';
import { usageLine } from '../../src/pipeline/usage.ts';

const get = defineRead({
  name: 'k8s get',
  aliases: ['k8s ls'],
  summary: 'Lists objects',
  examples: ['/k8s get pods'],
  permission: 'k8s:get',
  args: { type: positional(text, { placeholder: 'TYPE', summary: '' }), namespace: namespaceFlag },
  run: async () => ({ title: '' }),
});
const status = defineRead({
  ...get,
  name: 'k8s rollout status',
  aliases: [],
  examples: ['/k8s rollout status deploy/web'],
});
const scale = defineChange({
  name: 'k8s scale',
  summary: 'Scales',
  examples: ['/k8s scale deploy/web 5'],
  permission: 'k8s:scale',
  risk: 'low',
  args: {
    workload: positional(text, { placeholder: 'TYPE/NAME', summary: '' }),
    replicas: optionalPositional(wholeNumber(0, 10_000), { placeholder: 'REPLICAS', summary: '' }),
    namespace: namespaceFlag,
  },
  plan: async () => ({ nothingToDo: { title: '' } }),
  verify: async () => ({ applied: false }),
  act: async () => ({ said: '' }),
});
const registry = createRegistry([get, status, scale]);
const parse = (line: string, among: Registry = registry) => parseLine(normalise(line).words, among);

function refusal(line: string): UsageError {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error(`${line} was not refused`);
}

describe('a line', () => {
  test('becomes a command with typed arguments', () => {
    expect(parse('/k8s scale deploy/web 5 -n shop --reason "black friday"')).toMatchObject({
      kind: 'command',
      command: { name: 'k8s scale' },
      args: { workload: 'deploy/web', replicas: 5, namespace: 'shop' },
      globals: { reason: 'black friday', dryRun: false },
      shown: '/k8s scale deploy/web 5 -n shop --reason black friday',
    });
  });

  test('may come without its slash, in any case of the verb, and by an alias', () => {
    expect(parse('k8s SCALE deploy/web 5')).toMatchObject({ command: { name: 'k8s scale' } });
    expect(parse('/K8S ls pods')).toMatchObject({ command: { name: 'k8s get' } });
  });

  test('finds the longest command that its words name', () => {
    expect(parse('/k8s rollout status deploy/web')).toMatchObject({
      command: { name: 'k8s rollout status' },
      args: { type: 'deploy/web' },
    });
  });

  test.each(['/k8s', '/k8s help', '/k8s --help', '', 'help', 'help k8s'])('"%s" asks for help', (line) => {
    const parsed = parse(line);

    expect(parsed.kind).toBe('help');
    expect(parsed.command).toBeUndefined();
  });

  test.each(['/k8s help scale', '/k8s scale --help', '/k8s scale deploy/web -h'])(
    '"%s" asks for help on one command',
    (line) => {
      expect(parse(line)).toMatchObject({ kind: 'help', command: { name: 'k8s scale' } });
    },
  );

  test('with a flag of its own for reads is shown to everybody', () => {
    expect(parse('/k8s get pods --public')).toMatchObject({ globals: { isPublic: true } });
  });
});

describe('a wrong line gets the nearest word or the usage', () => {
  test.each([
    ['/k8s gte pods', /does not know "gte"/, /Did you mean \/k8s get\?/],
    ['/k8s rollout', /needs one more word/, /\/k8s rollout status/],
    ['/k8s frobnicate', /does not know "frobnicate"/, /It knows get, rollout status, scale/],
    ['/k8z get pods', /"k8z" is not a command/, /Did you mean \/k8s\?/],
    ['scale deploy/web 5', /"scale" is not a command/, /Did you mean \/k8s scale\?/],
    ['/k8s scale', /Missing: TYPE\/NAME/, /Usage: \/k8s scale TYPE\/NAME \[REPLICAS\] \[-n NAMESPACE\]/],
    ['/k8s scale deploy/web five', /REPLICAS: "five" is not a whole number/, /For example: \/k8s scale deploy\/web 5/],
    ['/k8s scale deploy/web -n UPPER', /"UPPER" is not a namespace name/, /Usage/],
    ['/k8s get pods --as system:admin', /not available from Slack/, /contexts/],
    ['/k8s get pods --token=x', /not available from Slack/, /contexts/],
    ['/k8s cp a b', /bypass the audit log/, /help/],
  ])('%s', (line, message, hint) => {
    const error = refusal(line);

    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  test('a token is never repeated back', () => {
    expect(refusal('/k8s get pods --token=hunter2').message).not.toContain('hunter2');
  });
});

describe('the registry', () => {
  test('refuses two commands of one name', () => {
    expect(() => createRegistry([get, { ...scale, aliases: ['k8s ls'] }])).toThrow(/claimed by both/);
  });
});

describe('the commands of this house', () => {
  let commands: AnyCommand[];
  let all: Registry;
  beforeAll(async () => {
    commands = await loadCommands(join(import.meta.dirname, '../../commands'));
    all = createRegistry(commands);
  });

  test('have examples that parse to themselves', () => {
    for (const command of commands) {
      for (const example of command.examples) {
        expect(parse(example, all), example).toMatchObject({ kind: 'command', command: { name: command.name } });
      }
    }
  });

  test('have a usage line and are found by their name', () => {
    for (const command of commands) {
      expect(usageLine(command)).toMatch(new RegExp(`^/${command.name}`));
      expect(all.find(command.name.split(' '))?.command).toBe(command);
    }
  });

  test('guard everything but /shipmate with a permission', () => {
    const open = commands.filter((command) => command.permission === undefined).map((command) => command.name);

    expect(open.every((name) => name.startsWith('shipmate '))).toBe(true);
  });

  test('accept only JSON-like schemas for their arguments', () => {
    for (const command of commands) {
      for (const arg of Object.values(command.args)) expect(arg.schema).toBeInstanceOf(z.ZodType);
    }
  });
});
