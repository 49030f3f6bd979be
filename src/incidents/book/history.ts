import type { Change, Store, Versioned } from '../../state/store.ts';
import type { Incident } from '../incident.ts';
import { DAY, HOUR, MINUTE } from '../rule.ts';
import { evidencePath, idPath, NOW, PAST, pastFrom } from './paths.ts';

/** An incident at its biggest has about 80 KB, an answer of etcd at most 16 MiB. */
const PAGE = 200;
/** Etcd takes 128 operations in a transaction. */
const MAX_CHANGES = 128;
/** So long an incident that is over is still shown among the current ones. */
const LINGER_MS = 30 * MINUTE;
const STILL_WRONG_MS = 30 * DAY;

/** Occurrences that ended in [since, until), the newest first. Looks backward in ever longer strides, so that a few cost little. */
export async function readPast(
  store: Store,
  { since, until, limit }: { since: number; until: number; limit: number },
): Promise<readonly Incident[]> {
  const found: Incident[] = [];
  for (let end = until, stride = HOUR; end > since && found.length < limit; stride *= 4) {
    const start = Math.max(since, end - stride);
    const page = await readBetween(store, start, end);
    found.push(...page.reverse());
    end = start;
  }
  return found.slice(0, limit);
}

async function readBetween(store: Store, start: number, end: number): Promise<Incident[]> {
  const found: Incident[] = [];
  let after = pastFrom(start);
  for (;;) {
    const page = await store.list<Incident>(PAST, { limit: PAGE, after, until: pastFrom(end) });
    found.push(...page.map(({ value }) => value));
    const last = page.at(-1);
    if (page.length < PAGE || !last) return found;
    after = last.path;
  }
}

/** @returns how many occurrences were forgotten for good. */
export async function sweepBook(store: Store, now: number, keepMs: number): Promise<number> {
  await sweepCurrent(store, now);
  return await sweepHistory(store, now - keepMs);
}

async function sweepCurrent(store: Store, now: number): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const page = await store.list<Incident>(NOW, { limit: PAGE, ...(after !== undefined && { after }) });
    for (const entry of page.filter(({ value }) => mayGo(value, now))) {
      // Alone: that somebody opened it again just now must not keep the others.
      await store.commit([{ op: 'del', path: entry.path, expect: { revision: entry.revision } }]);
    }
    after = page.at(-1)?.path;
    if (page.length < PAGE) return;
  }
}

/** What was resolved by hand and is still wrong stays: otherwise the next look would open it again. But not for ever. */
function mayGo(incident: Incident, now: number): boolean {
  if (incident.status === 'firing' || incident.resolvedAt === undefined) return false;
  const isStillWrong = incident.resolution?.how === 'by-hand' && incident.endedAt === undefined;
  return incident.resolvedAt + (isStillWrong ? STILL_WRONG_MS : LINGER_MS) <= now;
}

async function sweepHistory(store: Store, before: number): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const page = await store.list<Incident>(PAST, { limit: 100, until: pastFrom(before) });
    for (const entry of page) await forget(store, entry);
    forgotten += page.length;
    if (page.length < 100) return forgotten;
  }
}

/** Everything that was kept about it, and where its words were put. */
async function forget(store: Store, { path, value }: Versioned<Incident>): Promise<void> {
  const lines = Array.from(
    { length: value.log.at(-1)?.n ?? 0 },
    (_, at) => `cards/incident-note/${value.id}.${at + 1}`,
  );
  const members = value.kind === 'storm' ? await store.list(`cards/incident-members/${value.id}.`) : [];
  const paths = [
    ...lines,
    ...members.map((card) => card.path),
    `cards/incident/${value.id}`,
    evidencePath(value.id),
    idPath(value.id),
    path,
  ];
  for (let at = 0; at < paths.length; at += MAX_CHANGES) {
    const batch = paths.slice(at, at + MAX_CHANGES);
    await store.commit(batch.map((gone): Change => ({ op: 'del', path: gone, expect: 'any' })));
  }
}
