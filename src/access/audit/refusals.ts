import type { Clock } from '../../time.ts';
import type { Draft } from './entry.ts';

/** Somebody without rights must not be able to fill etcd: so many refusals of one person go into the chain each minute, the rest as a number. */
const PER_MINUTE = 20;
const MINUTE_MS = 60_000;

/** @returns the draft to link, or undefined when it is only counted; `detail.more` says how many were. */
export function refusalGate(clock: Clock): (draft: Draft) => Draft | undefined {
  const windows = new Map<string, { since: number; written: number; more: number }>();
  return (draft) => {
    const now = clock();
    const who = `${draft.who?.team}/${draft.who?.user}`;
    const found = windows.get(who);
    const isFresh = found !== undefined && now - found.since < MINUTE_MS;
    if (isFresh && found.written >= PER_MINUTE) {
      found.more += 1;
      return undefined;
    }
    const more = isFresh ? 0 : (found?.more ?? 0);
    if (isFresh) found.written += 1;
    else windows.set(who, { since: now, written: 1, more: 0 });
    for (const [key, old] of windows) if (old.more === 0 && now - old.since > MINUTE_MS) windows.delete(key);
    return more === 0 ? draft : { ...draft, detail: { ...draft.detail, more } };
  };
}
