import { closest, distance } from 'fastest-levenshtein';
import { UsageError } from '../errors.ts';
import { type ArgWord, parseArgv } from './argv.ts';
import type { AnyCommand } from './definition.ts';
import { allArgs, flagName } from './global-args.ts';
import { refuseIdentityFlags } from './refused-flags.ts';
import type { Registry } from './registry.ts';
import { usageLine } from './usage.ts';

/** What a line turned out to be. */
export type Parsed =
  | {
      readonly kind: 'command';
      readonly command: AnyCommand;
      readonly args: Record<string, unknown>;
      readonly globals: GlobalArgs;
      readonly shown: string;
    }
  | { readonly kind: 'help'; readonly family: string | undefined; readonly command?: AnyCommand | undefined };

export interface GlobalArgs {
  readonly isPublic: boolean;
  readonly reason: string | undefined;
  readonly dryRun: boolean;
  readonly breakGlass: boolean;
}

/** Commands of kubectl and etcdctl that will not come, each with its reason (reference kubectl-and-etcdctl §1.2 "Never offered"). */
const NEVER: Record<string, string> = {
  'k8s cp': 'copying files through chat would bypass the audit log',
  'k8s attach': 'an interactive session has no place in a channel',
  'k8s port-forward': 'a tunnel cannot end in a chat',
  'k8s proxy': 'a tunnel cannot end in a chat',
  'k8s debug': 'an interactive session has no place in a channel',
  'k8s edit': 'it is interactive; use a command that says what changes',
  'k8s config': 'clusters are configured in shipmate.yaml',
  'k8s kustomize': 'nothing is rendered here',
  'k8s plugin': 'nothing is shelled out to',
};

/**
 * Turns a normalised line into a command with typed arguments.
 * @param words the line, its first word the family (`k8s`), with or without a leading slash.
 * @throws UsageError naming what was wrong, with the usage line or the nearest word as the hint.
 */
export function parseLine(words: readonly ArgWord[], registry: Registry): Parsed {
  const texts = words.map((word) => word.text);
  const family = texts[0]?.replace(/^\//, '').toLowerCase();
  if (family === undefined || family === 'help') return { kind: 'help', family: texts[1]?.toLowerCase() };
  if (!registry.families.includes(family)) throw unknownFamily(family, registry);

  const line = [{ text: family }, ...words.slice(1)];
  const names = line.map((word) => word.text);
  if (names.length === 1 || ['help', '-h', '--help'].includes((names[1] as string).toLowerCase())) {
    const found = names.length > 2 ? registry.find([family, ...names.slice(2)]) : undefined;
    if (names.length > 2 && !found) throw unknownCommand(family, names.slice(2), registry);
    return { kind: 'help', family, command: found?.command };
  }

  const found = registry.find(names);
  if (!found || found.taken === 1) throw unknownCommand(family, names.slice(1), registry);
  const after = line.slice(found.taken);
  refuseIdentityFlags(after, found.command.args);
  return parseArguments(found.command, after, `/${names.join(' ')}`);
}

function parseArguments(command: AnyCommand, words: readonly ArgWord[], shown: string): Parsed {
  if (words.some((word) => word.text === '--help' || word.text === '-h')) {
    return { kind: 'help', family: command.name.split(' ')[0], command };
  }
  try {
    const declared = allArgs(command);
    const raw = parseArgv(words, declared);
    const args: Record<string, unknown> = {};
    for (const [name, arg] of Object.entries(declared)) {
      const result = arg.schema.safeParse(raw[name]);
      if (!result.success) {
        const label = arg.kind === 'positional' || arg.kind === 'rest' ? arg.placeholder : `--${flagName(name)}`;
        throw new UsageError(`${label}: ${result.error.issues.map((issue) => issue.message).join('; ')}`);
      }
      args[name] = result.data;
    }
    const globals = {
      isPublic: args.public === true,
      reason: args.reason as string | undefined,
      dryRun: args.dryRun === 'server',
      breakGlass: args.breakGlass === true,
    };
    return { kind: 'command', command, args, globals, shown };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const usage = `Usage: ${usageLine(command)}`;
    throw new UsageError(error.message, {
      hint: error.hint ? `${error.hint}\n${usage}` : `${usage}\nFor example: ${command.examples[0]}`,
    });
  }
}

function unknownFamily(family: string, registry: Registry): UsageError {
  const bare = registry.commands.find((command) => command.name.split(' ').slice(1).join(' ') === family);
  const near = closest(family, [...registry.families]);
  const hint = bare
    ? `Did you mean /${bare.name}?`
    : distance(family, near) <= 2
      ? `Did you mean /${near}?`
      : `Commands start with ${registry.families.map((name) => `/${name}`).join(', ')}.`;
  return new UsageError(`"${family}" is not a command.`, { hint });
}

function unknownCommand(family: string, words: readonly string[], registry: Registry): UsageError {
  const typed = (words[0] ?? '').toLowerCase();
  const never = NEVER[`${family} ${typed}`];
  if (never)
    return new UsageError(`\`${typed}\` isn't available from Slack: ${never}.`, { hint: `See /${family} help.` });
  const verbs = registry.commands
    .flatMap((command) => [command.name, ...(command.aliases ?? [])])
    .filter((name) => name.startsWith(`${family} `))
    .map((name) => name.slice(family.length + 1));
  const longer = verbs.filter((verb) => verb.startsWith(`${typed} `));
  if (longer.length > 0) {
    return new UsageError(`/${family} ${typed} needs one more word.`, {
      hint: `It can be ${longer.map((verb) => `/${family} ${verb}`).join(', ')}.`,
    });
  }
  const best = nearest(typed, verbs) ?? nearest(words.slice(0, 2).join(' ').toLowerCase(), verbs);
  return new UsageError(`/${family} does not know "${words[0]}".`, {
    hint: best
      ? `Did you mean /${family} ${best}?`
      : `It knows ${ownVerbs(family, registry).join(', ')}. See /${family} help.`,
  });
}

/** Without the aliases: a list for people. */
function ownVerbs(family: string, registry: Registry): string[] {
  return registry.commands
    .map((command) => command.name)
    .filter((name) => name.startsWith(`${family} `))
    .map((name) => name.slice(family.length + 1));
}

/** The nearest known word within two edits; letters merely swapped (`gte`) are the likeliest slip. */
function nearest(typed: string, known: readonly string[]): string | undefined {
  const score = (word: string): number => distance(typed, word) - (sorted(word) === sorted(typed) ? 1 : 0);
  const [best] = known.map((word) => ({ word, score: score(word) })).sort((a, b) => a.score - b.score);
  return best && best.score <= 2 ? best.word : undefined;
}

function sorted(word: string): string {
  return [...word].sort().join('');
}
