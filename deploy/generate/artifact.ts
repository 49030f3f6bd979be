import type { AnyRule } from '../../src/incidents/rule.ts';
import type { AnyCommand } from '../../src/pipeline/definition.ts';

/** A file computed from the code. */
export interface Artifact {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Makes artifacts from the commands and alert rules that exist; configuration comes from the schemas. Pure. */
export type Generator = (commands: readonly AnyCommand[], rules: readonly AnyRule[]) => readonly Artifact[];

/** First words in the order of DESIGN, then whatever else somebody added. */
const FAMILY_ORDER = ['k8s', 'etcd', 'reboot', 'oncall', 'alerts', 'shipmate'];

/** The slash commands that exist: the first words of all commands. */
export function families(commands: readonly AnyCommand[]): string[] {
  const found = [...new Set(commands.map((command) => familyOf(command)))];
  return found.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

export function familyOf(command: AnyCommand): string {
  return command.name.split(' ')[0] as string;
}

function rank(family: string): number {
  const index = FAMILY_ORDER.indexOf(family);
  return index === -1 ? FAMILY_ORDER.length : index;
}
