import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const TRAPS = Array.from({ length: 26 }, (_, index) => `T${index + 1}`);
/** The beginning of a test or of a group of tests, up to the number in its name, also behind the table of an `each`. */
const NAMED = /(?:\b(?:test|it|describe)\(|^\s*\]?\)\(|\)\()\s*['"`](T\d+): /gm;

/** The traps after which tests are named, with the files where they are. */
function named(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.test.ts'))) {
    for (const [, trap] of readFileSync(join(ROOT, 'test', file), 'utf8').matchAll(NAMED)) {
      const places = found.get(trap as string) ?? new Set();
      found.set(trap as string, places.add(`test/${file}`));
    }
  }
  return found;
}

test('every one of the 26 traps has a test that is named after it, and there are no others', () => {
  expect([...named().keys()].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))).toEqual(TRAPS);
});

test('docs/security.md says where each trap’s tests are', () => {
  const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (T\d+) \| .+ \| (.+) \|$/gm)];

  expect(rows.map(([, trap]) => trap)).toEqual(TRAPS);
  for (const [, trap, places] of rows) {
    const files = [...(places as string).matchAll(/`([^`]+)`/g)].map((match) => `test/${match[1]}`);
    expect(files.length, trap).toBeGreaterThan(0);
    for (const file of files) expect([...(named().get(trap as string) ?? [])], trap).toContain(file);
  }
});
