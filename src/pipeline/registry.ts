import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyCommand } from './definition.ts';
import { checkDefinition } from './definition-check.ts';

/** What people can type, discovered from files: `commands/k8s/rollout/status.ts` is `k8s rollout status`. */
export interface Registry {
  readonly commands: readonly AnyCommand[];
  /** The first words that exist: `k8s`, `etcd`, `shipmate`. */
  readonly families: readonly string[];
  /**
   * The command that the words begin with, longest name first; words are compared without regard to case.
   * @returns the command and how many words its name took.
   */
  find(words: readonly string[]): { command: AnyCommand; taken: number } | undefined;
}

/**
 * Imports every `*.ts` below `directory` and checks its default export.
 * @throws Error listing every file that is not a command, or whose name is not its path: the process must not start with half its words.
 */
export async function loadCommands(directory: string): Promise<AnyCommand[]> {
  const files = (await readdir(directory, { recursive: true })).filter((file) => file.endsWith('.ts')).sort();
  const problems: string[] = [];
  const commands: AnyCommand[] = [];
  for (const file of files) {
    const module = (await import(pathToFileURL(join(directory, file)).href)) as { default?: AnyCommand };
    const name = relative('.', file).slice(0, -'.ts'.length).split(sep).join(' ');
    const found = checkDefinition(name, module.default);
    problems.push(...found.map((problem) => `commands/${file}: ${problem}`));
    if (module.default && found.length === 0) commands.push(module.default);
  }
  if (problems.length > 0) throw new Error(`These commands cannot be loaded:\n  ${problems.join('\n  ')}`);
  return commands;
}

/** @throws Error when two commands share a name or an alias. */
export function createRegistry(commands: readonly AnyCommand[]): Registry {
  const byName = new Map<string, AnyCommand>();
  for (const command of commands) {
    for (const name of [command.name, ...(command.aliases ?? [])]) {
      const other = byName.get(name);
      if (other) throw new Error(`"${name}" is claimed by both ${other.name} and ${command.name}`);
      byName.set(name, command);
    }
  }
  return {
    commands,
    families: [...new Set(commands.map((command) => command.name.split(' ')[0] as string))].sort(),
    find(words) {
      for (let taken = Math.min(words.length, 4); taken > 0; taken--) {
        const command = byName.get(words.slice(0, taken).join(' ').toLowerCase());
        if (command) return { command, taken };
      }
      return undefined;
    },
  };
}
