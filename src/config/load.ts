import { checkFile } from './check-file.ts';
import { type EnvConfig, envSchema } from './env.ts';
import { type Environment, readEnvironment } from './environment.ts';
import type { FileConfig } from './file.ts';
import { unreadableFiles, withAbsolutePaths } from './file-paths.ts';
import { ConfigError, type Problem } from './problem.ts';
import { type ReadFile, reason } from './read-file.ts';

export interface Config {
  readonly env: EnvConfig;
  readonly file: FileConfig;
  /** Whether the config file exists. Without it nobody may do anything but `/shipmate`. */
  readonly fileFound: boolean;
  /** As given in `SHIPMATE_CONFIG`. */
  readonly filePath: string;
}

/**
 * The whole configuration, deeply frozen. An empty variable counts as absent; every secret may come as `NAME_FILE` instead. Paths in the
 * file are taken from the file's own directory, `~/` from `HOME`.
 * @throws ConfigError with every problem at once; never holds a secret's value.
 */
export function loadConfig(environment: Environment, readFile: ReadFile): Config {
  const problems: Problem[] = [];
  const env = readEnvironment(environment, readFile, problems);

  // The path does not wait for the rest of the environment to be right: a person mends everything in one go.
  const named = environment.SHIPMATE_CONFIG || undefined;
  const filePath = named ?? envSchema.shape.SHIPMATE_CONFIG.parse(undefined);
  const text = readConfigFile(filePath, named !== undefined, readFile, problems);
  const checked = checkFile(filePath, text ?? '');
  problems.push(...checked.problems);
  const file = checked.file && withAbsolutePaths(checked.file, filePath, environment.HOME);
  if (file) problems.push(...unreadableFiles(filePath, file, readFile, text ?? ''));

  if (problems.length > 0 || !env || !file) throw new ConfigError(problems);
  return deepFreeze({ env, file, fileFound: text !== undefined, filePath });
}

/** @returns undefined when the file is absent, which is allowed unless it was asked for by name. */
function readConfigFile(path: string, named: boolean, readFile: ReadFile, problems: Problem[]): string | undefined {
  try {
    return readFile(path);
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isAbsent || named) {
      problems.push({
        where: 'SHIPMATE_CONFIG',
        message: `${path} cannot be read: ${reason(error)}.`,
        fix: 'Write it with `npm run init`, or unset SHIPMATE_CONFIG.',
      });
    }
    return undefined;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
