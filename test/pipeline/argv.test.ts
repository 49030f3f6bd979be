import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { UsageError } from '../../src/errors.ts';
import { flag, listFlag, optionalPositional, positional, rest, text, toggle } from '../../src/pipeline/args.ts';
import { parseArgv } from '../../src/pipeline/argv.ts';

const ARGS = {
  workload: positional(text, { placeholder: 'TYPE/NAME', summary: '' }),
  replicas: optionalPositional(text, { placeholder: 'N', summary: '' }),
  namespace: flag(text, { placeholder: 'NAMESPACE', summary: '', short: 'n' }),
  cluster: flag(text, { placeholder: 'CLUSTER', summary: '', aliases: ['context'] }),
  allNamespaces: toggle({ summary: '', short: 'A' }),
  watch: toggle({ summary: '', short: 'w' }),
  labelColumns: listFlag({ placeholder: 'KEY', summary: '', short: 'L' }),
};

const parse = (line: string) =>
  parseArgv(
    line.split(' ').map((word) => ({ text: word })),
    ARGS,
  );

describe('words become arguments by pflag’s rules', () => {
  test.each([
    ['deploy/web --namespace=shop', { namespace: 'shop' }],
    ['deploy/web --namespace shop', { namespace: 'shop' }],
    ['deploy/web -n shop', { namespace: 'shop' }],
    ['deploy/web -nshop', { namespace: 'shop' }],
    ['deploy/web -n=shop', { namespace: 'shop' }],
    ['-n shop deploy/web', { namespace: 'shop' }],
    ['deploy/web --context prod', { cluster: 'prod' }],
    ['deploy/web -Aw', { allNamespaces: true, watch: true }],
    ['deploy/web -An shop', { allNamespaces: true, namespace: 'shop' }],
    ['deploy/web --watch=false', { watch: false }],
    ['deploy/web --namespace -odd', { namespace: '-odd' }],
    ['deploy/web -L app,tier -L zone', { labelColumns: ['app', 'tier', 'zone'] }],
    ['deploy/web -- -1', { replicas: '-1' }],
  ])('%s', (line, expected) => {
    expect(parse(line)).toMatchObject({ workload: 'deploy/web', ...expected });
  });

  test('a switch never takes the next word', () => {
    expect(parse('deploy/web --watch false')).toMatchObject({ watch: true, replicas: 'false' });
  });

  test.each([
    ['deploy/web --namespce shop', /unknown flag: --namespce/, /Did you mean --namespace\?/],
    ['deploy/web -x', /unknown flag: -x/, /"--" before it/],
    ['deploy/web -n a -n b', /given twice: "a" and "b"/, undefined],
    ['deploy/web --namespace', /--namespace needs a value/, undefined],
    ['deploy/web 5 6', /"6" is one word too many/, undefined],
    ['-n shop', /Missing: TYPE\/NAME/, undefined],
    ['deploy/web --watch=maybe', /true or false, not "maybe"/, undefined],
  ])('%s is refused with a reason', (line, message, hint) => {
    try {
      parse(line);
      expect.unreachable('it was accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect((error as UsageError).message).toMatch(message);
      if (hint) expect((error as UsageError).hint).toMatch(hint);
    }
  });

  test('whatever is typed, the only failure is a UsageError, and words after -- arrive untouched', () => {
    const args = { words: rest(z.array(z.string()), { placeholder: 'WORD', summary: '', optional: true }) };

    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), (words) => {
        expect(parseArgv([{ text: '--' }, ...words.map((word) => ({ text: word }))], args).words ?? []).toEqual(words);
        try {
          parseArgv(
            words.map((word) => ({ text: word })),
            ARGS,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});
