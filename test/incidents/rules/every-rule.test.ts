import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const idsIn = (files: readonly string[]): readonly string[] =>
  files.flatMap((file) => [...file.matchAll(/(?<![a-z0-9])[a-z]\d{2}(?![a-z0-9])/g)].map(([id]) => id));

test('every rule has a timeline test that is named after it', () => {
  const rules = idsIn(readdirSync(join(import.meta.dirname, '../../../src/incidents/rules')));
  const tests = idsIn(readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts')));

  expect(rules.length).toBeGreaterThan(50);
  expect(rules.filter((id) => !tests.includes(id))).toEqual([]);
});
