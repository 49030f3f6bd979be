import type { CallRecord } from '../../../deploy/sandbox/slack/protocol.ts';

/** The colour bar of a message whose incident is over. */
const GREEN = '#2EB67D';
const SHOWS = new Set(['chat.postMessage', 'chat.update']);

/**
 * Messages that said "over" and then that it still fires, with what they said.
 * @param of messages of things that never break twice.
 */
export function relapses(calls: readonly CallRecord[], of: readonly { readonly ts: string }[]): readonly string[] {
  const wanted = new Set(of.map(({ ts }) => ts));
  const over = new Set<string>();
  const found = new Set<string>();
  for (const { method, args, ok, ts } of calls) {
    if (!ok || ts === undefined || !wanted.has(ts) || !SHOWS.has(method)) continue;
    const isOver = JSON.stringify(args).includes(GREEN);
    if (isOver) over.add(ts);
    else if (over.has(ts)) found.add(`${ts}: ${String(args.text)}`);
  }
  return [...found];
}
