import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { parse } from 'yaml';

export interface Contexts {
  readonly names: readonly string[];
  readonly current: string | undefined;
}

/**
 * The contexts of a kubeconfig, for choosing among them.
 * @param paths as in `KUBECONFIG`: one path, or several.
 * @throws Error when none of the files can be read.
 */
export function contextsOf(paths: string): Contexts {
  const names: string[] = [];
  let current: string | undefined;
  for (const path of paths.split(delimiter).filter(Boolean)) {
    const config = parse(readFileSync(path, 'utf8')) as {
      contexts?: { name: string }[];
      'current-context'?: string;
    } | null;
    names.push(...(config?.contexts ?? []).map(({ name }) => name));
    current ??= config?.['current-context'] || undefined;
  }
  return { names: [...new Set(names)], current };
}
