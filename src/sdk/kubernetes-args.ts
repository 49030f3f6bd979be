import { z } from 'zod';
import type { Cluster } from '../kubernetes/cluster.ts';
import { type Arg, duration, flag, rest, text } from '../pipeline/args.ts';

/** `TYPE/NAME`, or `TYPE NAME`, and what may follow. Empty when nothing was typed. */
export function words(placeholder: string, summary: string): Arg<string[]> {
  return rest(z.array(z.string()).optional().default([]) as unknown as z.ZodType<string[]>, {
    placeholder,
    summary,
    optional: true,
  });
}

/** One of a few fixed words. */
export function oneOf<const W extends readonly [string, ...string[]]>(...choices: W): z.ZodType<W[number]> {
  return z.string().refine((word) => (choices as readonly string[]).includes(word), {
    error: (issue) => `"${String(issue.input)}" is not one of ${choices.join(', ')}.`,
  }) as unknown as z.ZodType<W[number]>;
}

export const selectorFlag = flag(text, {
  placeholder: 'SELECTOR',
  summary: 'Only objects with these labels: app=web,tier!=db',
  short: 'l',
});

export const timeoutFlag = flag(duration, {
  placeholder: 'DURATION',
  summary: 'How long to wait until it is ready (default 10m)',
});

/** Where it happens, for titles: `shop · demo`, `demo (PROD)`. */
export function placeOf(cluster: Cluster, namespace: string | undefined): string {
  const name = cluster.isProduction ? `${cluster.name} (PROD)` : cluster.name;
  return namespace === undefined ? name : `${namespace} · ${name}`;
}
