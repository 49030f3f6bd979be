import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** A file of ours, with what it imports. Paths are from the repository's root, with `/`. */
export interface SourceFile {
  readonly path: string;
  /** `src/chat`, `commands`, `deploy/sandbox`; a file directly in `src/` is its own room, without the ending. */
  readonly room: string;
  readonly lines: number;
  /** The text without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** The path of our own file, or the name of the package. */
  readonly target: string;
  readonly isOurs: boolean;
  /** Erased when it runs. */
  readonly isType: boolean;
}

const FOLDERS = ['src', 'commands', 'deploy', 'test', '.ci'];

/** Every TypeScript and JavaScript file that we wrote. */
export function sourceFiles(): SourceFile[] {
  return FOLDERS.flatMap((folder) => walk(folder)).map(readSource);
}

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'output' ? [] : walk(path);
    return /\.(ts|mjs|js)$/.test(entry.name) ? [path] : [];
  });
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const code = withoutComments(text);
  return { path, room: roomOf(path), lines: text.trimEnd().split('\n').length, code, imports: importsOf(path, code) };
}

/** The room of a path: two levels under `src` and `deploy`, one elsewhere. Alert rules stand above the sdk, as commands do. */
export function roomOf(path: string): string {
  if (path.startsWith('src/incidents/rules/')) return 'src/incidents/rules';
  const parts = path.replace(/\.[a-z]+$/, '').split('/');
  return parts[0] === 'src' || parts[0] === 'deploy' ? parts.slice(0, 2).join('/') : (parts[0] as string);
}

function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

const STATEMENT = /(?:^|\n)\s*((?:import|export)\s[\w$\s{},*]*?)\bfrom\s*['"]([^'"]+)['"]/g;
const BARE_OR_DYNAMIC = /(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

function importsOf(path: string, code: string): Import[] {
  const statements = [...code.matchAll(STATEMENT)].map((match) => ({
    name: match[2] as string,
    isType: isTypeOnly(match[1] as string),
  }));
  const others = [...code.matchAll(BARE_OR_DYNAMIC)].map((match) => ({
    name: (match[1] ?? match[2]) as string,
    isType: false,
  }));
  return [...statements, ...others].map(({ name, isType }) => {
    if (name.startsWith('.')) return { target: normalize(join(dirname(path), name)), isOurs: true, isType };
    return { target: packageOf(name), isOurs: false, isType };
  });
}

/** `import type { A }`, or `import { type A, type B }`. */
function isTypeOnly(clause: string): boolean {
  if (/^(import|export)\s+type\b/.test(clause)) return true;
  const names = /\{([^}]*)\}\s*$/.exec(clause)?.[1];
  if (names === undefined || !/^(import|export)\s*\{/.test(clause)) return false;
  return names.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
