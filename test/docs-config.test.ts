import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { fileSchema } from '../src/config/file.ts';
import { checkAlerts } from '../src/incidents/check-alerts.ts';
import { loadRules } from '../src/incidents/load-rules.ts';

/** The pieces of `shipmate.yaml` that the pages show: whoever copies one gets what the page says. */
const root = resolve(import.meta.dirname, '..');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'))].map((file) =>
  file === 'README.md' ? file : `docs/${file}`,
);
const examples = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm)]
    .map(([, text], index) => ({ name: `${page}, example ${index + 1}`, content: parse(text as string) as object }))
    .filter(({ content }) => Object.keys(content).every((key) => key in fileSchema.shape)),
);
const rules = await loadRules(join(root, 'src/incidents/rules'));

test('the pages show how to configure alerts, bridges, access and the audit', () => {
  const shown = new Set(examples.flatMap(({ content }) => Object.keys(content)));

  expect([...shown]).toEqual(expect.arrayContaining(['access', 'alerts', 'bridges', 'channels']));
});

test.each(examples)('$name is valid, and names only what exists', ({ name, content }) => {
  const text = stringify({ clusters: { prod: {}, eu1: {} }, ...content });

  const file = fileSchema.safeParse(parse(text));

  expect(file.error?.issues ?? []).toEqual([]);
  expect(file.data && checkAlerts(name, text, file.data, rules)).toEqual([]);
});
