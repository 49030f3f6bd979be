import { chmodSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answers } from './answers.ts';
import { configText, envText } from './files.ts';

export const ENV_FILE = '.env';
export const CONFIG_FILE = 'shipmate.yaml';

/** Which of the two files are there already. */
export function existingFiles(directory: string): string[] {
  return [ENV_FILE, CONFIG_FILE].filter((name) => existsSync(join(directory, name)));
}

/** Writes both; what was there is kept beside them as `*.old`. @returns what was written and kept, one line each. */
export function writeFiles(directory: string, answers: Answers): string[] {
  const kept = existingFiles(directory).map((name) => {
    renameSync(join(directory, name), join(directory, `${name}.old`));
    chmodSync(join(directory, `${name}.old`), 0o600);
    return `${name} as it was: ${name}.old`;
  });
  writeFileSync(join(directory, ENV_FILE), envText(answers), { mode: 0o600 });
  writeFileSync(join(directory, CONFIG_FILE), configText(answers));
  return [`${ENV_FILE} (readable by you only)`, CONFIG_FILE, ...kept];
}
