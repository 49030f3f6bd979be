import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadRules } from '../../src/incidents/load-rules.ts';

const SOUND = {
  id: 'P01',
  title: 'crash loop',
  summary: 'A container crashes.',
  kind: 'Pod',
  domain: 'availability',
  settings: { hold: { kind: 'duration', ms: 60_000, meaning: 'how long' } },
  resolveAfterMs: 1,
  evidence: ['L'],
  actions: ['logs'],
  drill: { cause: 'crashes', severity: 'warning' },
};

async function folder(files: Record<string, object | string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rules-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, rule] of Object.entries(files)) {
    const code = typeof rule === 'string' ? rule : `export default { ...${JSON.stringify(rule)}, judge: () => [] };\n`;
    await writeFile(join(directory, name), code);
  }
  return directory;
}

test('every rule of the house loads, each under its own id', async () => {
  const rules = await loadRules('src/incidents/rules');

  expect(rules.length).toBeGreaterThan(20);
  expect(rules.map(({ id }) => id)).toEqual([...new Set(rules.map(({ id }) => id))].sort());
});

test('rules come in the order of their ids; what is no TypeScript is left alone', async () => {
  const directory = await folder({
    'p02-b.ts': { ...SOUND, id: 'P02' },
    'p01-a.ts': SOUND,
    'README.md': '# rules',
  });

  expect((await loadRules(directory)).map(({ id }) => id)).toEqual(['P01', 'P02']);
});

test.each<[string, string, object | string, string]>([
  ['nothing exported', 'p01-a.ts', 'export const a = 1;', 'has no default export made by defineRule'],
  ['a file that does not parse', 'p01-a.ts', 'export default (', 'cannot be imported'],
  ['another name than its id', 'p02-a.ts', SOUND, 'has the id P01, so its name must begin with "p01-"'],
  ['an id that is none', 'crash-a.ts', { ...SOUND, id: 'crash' }, 'its id "crash" is not of the form P01'],
  ['no title', 'p01-a.ts', { ...SOUND, title: '' }, 'needs a title'],
  ['a kind that nobody watches', 'p01-a.ts', { ...SOUND, kind: 'Ingress' }, 'judges the kind "Ingress"'],
  ['a domain that does not exist', 'p01-a.ts', { ...SOUND, domain: 'pods' }, 'its domain "pods" does not exist'],
  ['a hold-down without end', 'p01-a.ts', { ...SOUND, resolveAfterMs: -1 }, 'its resolveAfterMs must be'],
  ['evidence that nobody gathers', 'p01-a.ts', { ...SOUND, evidence: ['Z'] }, 'asks for the evidence "Z"'],
  ['an action that nobody knows', 'p01-a.ts', { ...SOUND, actions: ['explode'] }, 'offers the action "explode"'],
  ['no drill', 'p01-a.ts', { ...SOUND, drill: undefined }, 'needs a drill'],
  ['a drill of no severity', 'p01-a.ts', { ...SOUND, drill: { cause: 'x', severity: 'bad' } }, 'severity "bad"'],
  [
    'a setting without a default',
    'p01-a.ts',
    { ...SOUND, settings: { hold: { kind: 'duration', ms: null, meaning: 'x' } } },
    'its setting "hold" needs a default of 0 or more',
  ],
  [
    'a setting without a meaning',
    'p01-a.ts',
    { ...SOUND, settings: { hold: { kind: 'number', value: 1, meaning: '' } } },
    'its setting "hold" does not say what it means',
  ],
])('%s is told', async (_what, name, rule, expected) => {
  await expect(loadRules(await folder({ [name]: rule }))).rejects.toThrow(expected);
});

test('all problems are told at once, and a second rule of one id is one of them', async () => {
  const directory = await folder({
    'p01-a.ts': SOUND,
    'p01-b.ts': SOUND,
    'p03-c.ts': { ...SOUND, id: 'P03', title: '' },
  });

  await expect(loadRules(directory)).rejects.toThrow(
    /cannot be loaded:\n {2}p01-b\.ts: has the id P01, which p01-a\.ts has, too\n {2}p03-c\.ts: needs a title/,
  );
});
