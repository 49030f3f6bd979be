import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRules } from '../src/incidents/load-rules.ts';

/** The rule that docs/writing-a-rule.md shows, and its test, written to files as a reader would. */
const root = resolve(import.meta.dirname, '..');
const shown = [
  ...readFileSync(join(root, 'docs/writing-a-rule.md'), 'utf8').matchAll(
    /<!-- example: (\S+) -->\n```ts\n([\s\S]*?)```/g,
  ),
].map(([, path, text]) => ({ path: path as string, text: text as string }));

let world = '';
beforeAll(() => {
  world = mkdtempSync(join(tmpdir(), 'shipmate-docs-rule-'));
  writeFileSync(join(world, 'package.json'), '{"type":"module"}');
  const include = shown.map(({ path }) => path);
  writeFileSync(join(world, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.json'), include }));
  // The repository's own, but for the folders that the example is written to.
  link('', ['node_modules']);
  link(
    'src',
    allIn('src').filter((name) => name !== 'incidents'),
  );
  link(
    'src/incidents',
    allIn('src/incidents').filter((name) => name !== 'rules'),
  );
  link('test', ['support']);
  for (const { path, text } of shown) {
    mkdirSync(dirname(join(world, path)), { recursive: true });
    writeFileSync(join(world, path), text);
  }
});
afterAll(() => rmSync(world, { recursive: true, force: true }));

const allIn = (folder: string): string[] => readdirSync(join(root, folder));

function link(folder: string, names: readonly string[]): void {
  mkdirSync(join(world, folder), { recursive: true });
  for (const name of names) symlinkSync(join(root, folder, name), join(world, folder, name));
}

function run(program: string, args: readonly string[], options: { cwd?: string; input?: string } = {}) {
  const bin = join(root, 'node_modules/.bin', program);
  return spawnSync(bin, args, { cwd: world, encoding: 'utf8', timeout: 60_000, ...options });
}

test('the rule loads, and its id is free', async () => {
  const [example] = await loadRules(join(world, 'src/incidents/rules'));
  const real = await loadRules(join(root, 'src/incidents/rules'));

  expect(example?.id).toBe('H04');
  expect(real.map(({ id }) => id)).not.toContain(example?.id);
});

test('the rule and its test pass the type check, and are written as the house writes', () => {
  expect(run('tsc', ['-p', world, '--noEmit']).stdout).toBe('');
  for (const { path, text } of shown) {
    const formatted = run('biome', ['format', `--stdin-file-path=${path}`], { cwd: root, input: text });
    expect(formatted.stdout).toBe(text);
  }
});

test('the test of the page passes', () => {
  const { stdout, stderr, status } = run('vitest', ['run', '--root', world, '--dir', join(world, 'test/incidents')]);

  expect(status, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toContain('h04-autoscaler-restless.test.ts');
});
