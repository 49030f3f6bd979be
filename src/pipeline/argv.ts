import { closest, distance } from 'fastest-levenshtein';
import { UsageError } from '../errors.ts';
import type { Arg, Args } from './args.ts';
import { flagName } from './global-args.ts';

/** A word after normalisation; `chat/text` makes these. */
export interface ArgWord {
  readonly text: string;
}

type Raw = Record<string, string | string[] | boolean>;

/**
 * Sorts words into arguments by pflag's rules: `--f=v`, `--f v`, `-f v`, `-fv`, `-f=v`, clusters of one-letter switches, flags anywhere
 * before `--`, a value-taking flag takes the next word even if that starts with `-`, a switch never does. Unlike kubectl, a flag given
 * twice is an error instead of "last wins". Source: spf13/pflag `parseArgs`, and reference kubectl-and-etcdctl §3.10.
 *
 * @returns raw text by argument name; absent ones are missing, except switches (false) and lists (empty).
 * @throws UsageError for unknown or repeated flags, missing values, too many or too few words.
 */
export function parseArgv(words: readonly ArgWord[], args: Args): Raw {
  const parser = new Parser(args);
  let index = 0;
  let onlyWords = false;
  while (index < words.length) {
    const word = (words[index] as ArgWord).text;
    index += 1;
    if (onlyWords || word === '-' || !word.startsWith('-')) onlyWords = parser.word(word) || onlyWords;
    else if (word === '--') onlyWords = true;
    else index += parser.flag(word, words[index]?.text) ? 1 : 0;
  }
  return parser.finish();
}

class Parser {
  readonly #args: Args;
  readonly #positionals: [string, Arg][];
  readonly #raw: Raw = {};
  #next = 0;

  constructor(args: Args) {
    this.#args = args;
    this.#positionals = Object.entries(args).filter(([, arg]) => arg.kind === 'positional' || arg.kind === 'rest');
    for (const [name, arg] of Object.entries(args)) {
      if (arg.kind === 'switch') this.#raw[name] = false;
      if (arg.kind === 'list') this.#raw[name] = [];
    }
  }

  /** @returns whether all that follows is to be taken as it stands. */
  word(text: string): boolean {
    const slot = this.#positionals[this.#next];
    if (!slot) throw new UsageError(`"${text}" is one word too many.`);
    const [name, arg] = slot;
    if (arg.kind === 'rest') {
      this.#raw[name] = [...((this.#raw[name] as string[] | undefined) ?? []), text];
      return arg.verbatim === true;
    }
    this.#raw[name] = text;
    this.#next += 1;
    return false;
  }

  /** @returns whether the next word was used up as the value. */
  flag(text: string, next: string | undefined): boolean {
    return text.startsWith('--') ? this.#long(text.slice(2), next) : this.#shorts(text.slice(1), next);
  }

  #long(text: string, next: string | undefined): boolean {
    const equals = text.indexOf('=');
    const typed = equals < 0 ? text : text.slice(0, equals);
    const entry = Object.entries(this.#args).find(
      ([name, arg]) => isFlag(arg) && (flagName(name) === typed || arg.aliases?.includes(typed)),
    );
    if (!entry) throw this.#unknown(`--${typed}`);
    return this.#set(entry, `--${typed}`, equals < 0 ? undefined : text.slice(equals + 1), next);
  }

  #shorts(text: string, next: string | undefined): boolean {
    for (let at = 0; at < text.length; at++) {
      const letter = text[at] as string;
      const entry = Object.entries(this.#args).find(([, arg]) => isFlag(arg) && arg.short === letter);
      if (!entry) throw this.#unknown(`-${letter}`, text.length > 1 ? ` in "-${text}"` : '');
      const attached = text.slice(at + 1);
      if (entry[1].kind === 'switch' && !attached.startsWith('=')) {
        this.#set(entry, `-${letter}`, undefined, undefined);
        continue;
      }
      return this.#set(entry, `-${letter}`, attached === '' ? undefined : attached.replace(/^=/, ''), next);
    }
    return false;
  }

  #set([name, arg]: [string, Arg], typed: string, attached: string | undefined, next: string | undefined): boolean {
    if (arg.kind === 'switch') {
      if (attached !== undefined && attached !== 'true' && attached !== 'false') {
        throw new UsageError(`${typed} is true or false, not "${attached}".`);
      }
      this.#raw[name] = attached !== 'false';
      return false;
    }
    const value = attached ?? next;
    if (value === undefined) throw new UsageError(`${typed} needs a value: ${typed} ${arg.placeholder}.`);
    if (arg.kind === 'list') this.#raw[name] = [...(this.#raw[name] as string[]), ...value.split(',')];
    else if (this.#raw[name] !== undefined)
      throw new UsageError(`${typed} is given twice: "${String(this.#raw[name])}" and "${value}".`);
    else this.#raw[name] = value;
    return attached === undefined;
  }

  #unknown(typed: string, where = ''): UsageError {
    const known = Object.entries(this.#args).flatMap(([name, arg]) =>
      isFlag(arg) ? [`--${flagName(name)}`, ...(arg.aliases ?? []).map((alias) => `--${alias}`)] : [],
    );
    const near = known.length > 0 ? closest(typed, known) : undefined;
    const hint =
      near && distance(typed, near) <= 3
        ? `Did you mean ${near}?`
        : 'A value that starts with "-" needs "--" before it.';
    return new UsageError(`unknown flag: ${typed}${where}`, { hint });
  }

  finish(): Raw {
    const missing = this.#positionals.filter(([name, arg]) => !arg.optional && this.#raw[name] === undefined);
    if (missing.length > 0) throw new UsageError(`Missing: ${missing.map(([, arg]) => arg.placeholder).join(', ')}.`);
    return this.#raw;
  }
}

function isFlag(arg: Arg): boolean {
  return arg.kind === 'flag' || arg.kind === 'switch' || arg.kind === 'list';
}
