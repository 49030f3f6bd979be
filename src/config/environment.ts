import type { z } from 'zod';
import { type EnvConfig, envSchema } from './env.ts';
import { explain } from './explain.ts';
import type { Problem } from './problem.ts';
import { type ReadFile, reason } from './read-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment, typed. An empty variable counts as absent; every secret may come as `NAME_FILE` instead.
 * @param problems receives what is wrong; the result is undefined when the schema refused anything.
 */
export function readEnvironment(
  environment: Environment,
  readFile: ReadFile,
  problems: Problem[],
): EnvConfig | undefined {
  const values: Record<string, string | undefined> = {};
  const unreadable = new Set<string>();
  for (const [name, schema] of Object.entries(envSchema.shape)) {
    values[name] = environment[name] || undefined;
    const path = isSecret(schema) ? environment[`${name}_FILE`] || undefined : undefined;
    if (path === undefined) continue;
    if (values[name] !== undefined) {
      problems.push({ where: name, message: `is set twice, as ${name} and as ${name}_FILE.`, fix: 'Remove one.' });
      continue;
    }
    try {
      values[name] = readFile(path).trim() || undefined;
      if (values[name] === undefined) throw new Error('the file is empty');
    } catch (error) {
      unreadable.add(name);
      problems.push({ where: `${name}_FILE`, message: `${path} cannot be read: ${reason(error)}.` });
    }
  }
  const isGiven = (name: string): boolean => values[name] !== undefined || unreadable.has(name);
  if (!isGiven('SLACK_APP_TOKEN') && !isGiven('SLACK_SIGNING_SECRET')) {
    problems.push({
      where: 'SLACK_APP_TOKEN',
      message: 'is missing, and so is SLACK_SIGNING_SECRET.',
      fix: 'Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP mode.',
    });
  }

  const result = envSchema.safeParse(values);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const name = String(issue.path[0]);
    if (unreadable.has(name)) continue;
    if (values[name] === undefined) problems.push({ where: name, message: 'is missing.', fix: describeVariable(name) });
    else problems.push({ where: name, message: explain(issue) });
  }
  return undefined;
}

function isSecret(schema: z.ZodType): boolean {
  return schema.meta()?.secret === true;
}

function describeVariable(name: string): string {
  const schema = envSchema.shape[name as keyof typeof envSchema.shape];
  return schema?.meta()?.description ?? '';
}
