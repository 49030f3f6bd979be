import { z } from 'zod';
import { parseDuration } from '../time.ts';

/**
 * One argument of a command, as data: the parser, the usage line, help, docs and error hints are all computed from it.
 * `schema` turns the typed word (for `list` and `rest`: the words) into the value; its messages are shown to the person.
 */
export interface Arg<T = unknown> {
  readonly kind: 'positional' | 'rest' | 'flag' | 'switch' | 'list';
  /** What stands for the value in the usage line: `TYPE/NAME`, `N`. */
  readonly placeholder: string;
  readonly summary: string;
  /** One letter, for flags. */
  readonly short?: string;
  readonly aliases?: readonly string[];
  /** For `rest`: from its first word on everything is taken as it stands, flags too. */
  readonly verbatim?: boolean;
  readonly optional: boolean;
  readonly schema: z.ZodType<T>;
}

// biome-ignore lint/suspicious/noExplicitAny: the record of arguments of any command; `InferArgs` gives each its type back.
export type Args = Record<string, Arg<any>>;
export type InferArgs<A extends Args> = { -readonly [K in keyof A]: A[K] extends Arg<infer T> ? T : never };

interface Words {
  readonly placeholder: string;
  readonly summary: string;
}

/** A required word in its place. */
export function positional<T>(schema: z.ZodType<T>, words: Words): Arg<T> {
  return { kind: 'positional', optional: false, schema, ...words };
}

/** A word that may be left out; must come after the required ones. */
export function optionalPositional<T>(schema: z.ZodType<T>, words: Words): Arg<T | undefined> {
  return { kind: 'positional', optional: true, schema: schema.optional(), ...words };
}

/** All remaining words. */
export function rest<T>(schema: z.ZodType<T>, words: Words & { optional?: boolean; verbatim?: boolean }): Arg<T> {
  return { kind: 'rest', schema, ...words, optional: words.optional ?? false };
}

/** `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`. */
export function flag<T>(
  schema: z.ZodType<T>,
  words: Words & { short?: string; aliases?: readonly string[] },
): Arg<T | undefined> {
  return { kind: 'flag', optional: true, schema: schema.optional(), ...words };
}

/** `--name` or `--name=false`; never takes the next word (pflag's rule). False when absent. */
export function toggle(
  words: Omit<Words, 'placeholder'> & { short?: string; aliases?: readonly string[] },
): Arg<boolean> {
  return { kind: 'switch', optional: true, schema: z.boolean(), placeholder: '', ...words };
}

/** A flag that may be repeated and splits on commas. Empty when absent. */
export function listFlag(words: Words & { short?: string }): Arg<string[]> {
  return { kind: 'list', optional: true, schema: z.array(z.string()), ...words };
}

export const text = z.string();

/** Words as they stand, for `rest`. */
export const wordList = z.array(z.string());

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** A namespace's name (RFC 1123 label). */
export const namespaceName = z.string().regex(DNS_LABEL, {
  error: (issue) => `"${String(issue.input)}" is not a namespace name: lower-case letters, digits and "-", at most 63.`,
});

/** A whole number written in decimal, within [min, max]. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  return z.string().transform((word, context) => {
    const value = Number(word);
    if (/^-?\d{1,15}$/.test(word) && value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `"${word}" is not a whole number from ${min} to ${max}.` });
    return z.NEVER;
  }) as unknown as z.ZodType<number>;
}

/** `90s`, `15m`, `1h`, in milliseconds. */
export const duration = z.string().transform((word, context) => {
  try {
    return parseDuration(word);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
}) as unknown as z.ZodType<number>;

/** Common to every `/k8s` command. */
export const namespaceFlag = flag(namespaceName, {
  placeholder: 'NAMESPACE',
  summary: 'Namespace (default: that of the cluster)',
  short: 'n',
});
export const clusterFlag = flag(text, {
  placeholder: 'CLUSTER',
  summary: 'Cluster alias from the config (default: the first one)',
  aliases: ['context'],
});
export const publicFlag = toggle({ summary: 'Show the answer to the whole channel' });
export const reasonFlag = flag(text, { placeholder: 'TEXT', summary: 'Why, for the record' });
