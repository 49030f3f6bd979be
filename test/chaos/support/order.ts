import type { CallRecord } from '../../../deploy/sandbox/slack/protocol.ts';

/** The colour bar of a message whose incident is over. */
const GREEN = '#2EB67D';

/** Messages that said "over" and then, without having begun anew, that it still fires: `ts`. Nothing in these tests breaks twice. */
export function relapses(calls: readonly CallRecord[]): readonly string[] {
  const over = new Set<string>();
  const found = new Set<string>();
  for (const { method, args, ok, ts } of calls) {
    if (!ok || ts === undefined || !isLivingMessage(method, args)) continue;
    const isOver = JSON.stringify(args).includes(GREEN);
    if (isOver) over.add(ts);
    else if (over.has(ts)) found.add(ts);
  }
  return [...found];
}

function isLivingMessage(method: string, args: CallRecord['args']): boolean {
  return (
    (method === 'chat.postMessage' || method === 'chat.update') &&
    /"incident\\?":\\?"[^."\\]+\\?"/.test(JSON.stringify(args.metadata ?? ''))
  );
}
