import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import * as errors from '../src/errors.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

test('every error code has its row in docs/errors.md, with its class and whether it is tried again, and no other has', () => {
  const documented = [...read('docs/errors.md').matchAll(/^\| `(E_[A-Z_]+)` \| `(\w+)` \|.*\| (yes|no) \|$/gm)].map(
    (row) => row.slice(1),
  );

  const inCode = Object.values(errors)
    .filter((each) => typeof each === 'function' && each.prototype instanceof errors.ShipmateError)
    .filter((each) => each !== errors.UserError && each !== errors.SystemError)
    .map((each) => new (each as typeof errors.UsageError)('a fact'))
    .map((error) => [error.code, error.name, error.retryable ? 'yes' : 'no']);
  expect(documented.sort()).toEqual(inCode.sort());
});

test('every package has its reason in docs/dependencies.md, and no other has', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const explained = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \|/gm)].map((row) => row[1]);

  expect(explained).toEqual([...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})]);
});

test('every link between the pages leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1] as string)
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => !leadsSomewhere(page, target))
      .map((target) => `${page} links to ${target}`),
  );

  expect(broken).toEqual([]);
});

function leadsSomewhere(page: string, target: string): boolean {
  const [file, anchor] = target.split('#') as [string, string | undefined];
  const path = file === '' ? page : join(dirname(page), file);
  if (!existsSync(join(root, path))) return false;
  return anchor === undefined || headings(path).includes(anchor);
}

/** Anchors as GitHub makes them. */
function headings(path: string): string[] {
  return [...read(path).matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

test('every npm script that the pages name exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run ([a-z][a-z:]*)/g)].map((match) => match[1] as string),
  );

  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});

test('every path of this repository that the pages name exists', () => {
  const named = pages.flatMap((page) =>
    [...withoutExamples(read(page)).matchAll(/`((?:src|deploy|docs|test|commands)\/[\w./-]*\w)`/g)].map(
      (match) => [page, match[1] as string] as const,
    ),
  );

  expect(
    named.filter(([, path]) => !existsSync(join(root, path))).map(([page, path]) => `${page} names ${path}`),
  ).toEqual([]);
});

function withoutExamples(text: string): string {
  const examples = [...text.matchAll(/<!-- example: (\S+) -->/g)].map((match) => match[1] as string);
  return examples.reduce((rest, path) => rest.replaceAll(path, ''), text);
}

test('the glossary explains each word once, in order', () => {
  const words = [...read('docs/glossary.md').matchAll(/^- \*\*([^*]+)\*\*/gm)].map((match) => match[1] as string);

  expect(new Set(words).size).toBe(words.length);
  expect(words).toEqual([...words].sort((a, b) => a.localeCompare(b, 'en')));
});
