import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyRule } from './rule.ts';
import { checkRule } from './rule-check.ts';

/**
 * Imports every `*.ts` in `directory` and checks its default export.
 * @returns the rules in the order of their ids.
 * @throws Error listing every file that is not a rule: the process must not start with half its eyes.
 */
export async function loadRules(directory: string): Promise<AnyRule[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.ts')).sort();
  const problems: string[] = [];
  const rules = new Map<string, { rule: AnyRule; file: string }>();
  for (const file of files) {
    const { rule, found } = await load(directory, file);
    const twin = rule && rules.get(rule.id);
    if (twin) found.push(`has the id ${twin.rule.id}, which ${twin.file} has, too`);
    else if (rule) rules.set(rule.id, { rule, file });
    problems.push(...found.map((problem) => `${file}: ${problem}`));
  }
  if (problems.length > 0) throw new Error(`These alert rules cannot be loaded:\n  ${problems.join('\n  ')}`);
  return [...rules.values()].map(({ rule }) => rule).sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function load(directory: string, file: string): Promise<{ rule?: AnyRule | undefined; found: string[] }> {
  try {
    const module = (await import(pathToFileURL(join(directory, file)).href)) as { default?: AnyRule };
    const found = checkRule(file, module.default);
    return { rule: typeof module.default?.id === 'string' ? module.default : undefined, found };
  } catch (error) {
    return { found: [`cannot be imported: ${error instanceof Error ? error.message : String(error)}`] };
  }
}
