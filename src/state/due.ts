import type { Change, Store, Versioned } from './store.ts';

/**
 * The due-index: what must happen at a time, in the order of time, so that a sweeper finds the overdue with one short range read.
 * Keys are `due/<epoch ms, 15 digits>/<kind>/<id>`; written in the same commit as the fact that makes it due.
 */
export interface Due {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `confirmation`, `escalation`, … No `/`. */
  readonly kind: string;
  readonly id: string;
  /** For `settleDue`. */
  readonly entry: Versioned<object>;
}

const ROOT = 'due/';
/** Enough digits until the year 33658; text order is then time order. */
const DIGITS = 15;

/** Records that `id` is due at `at`. Safe to repeat. Put it into the commit that makes it so. */
export function dueChange(at: number, kind: string, id: string): Change {
  return { op: 'put', path: duePath(at, kind, id), value: {}, expect: 'any' };
}

/** Forgets it. Safe to repeat. Put it into the commit that settles the matter or moves the time. */
export function notDueChange(at: number, kind: string, id: string): Change {
  return { op: 'del', path: duePath(at, kind, id), expect: 'any' };
}

/**
 * What is due at `now` (epoch ms), the longest overdue first.
 */
export async function listDue(store: Store, now: number, limit = 100): Promise<readonly Due[]> {
  const entries = await store.list<object>(ROOT, { limit, until: `${ROOT}${digits(Math.floor(now) + 1)}` });
  return entries.map(parse);
}

/** The first time at which something is due, or undefined; for the sweeper's next look. */
export async function nextDue(store: Store): Promise<number | undefined> {
  const [first] = await store.list<object>(ROOT, { limit: 1 });
  return first && parse(first).at;
}

/** Removes an entry that was dealt with, if it is still the one that was read. Prefer `notDueChange` in the commit that deals with it. */
export async function settleDue(store: Store, due: Due): Promise<void> {
  await store.commit([{ op: 'del', path: due.entry.path, expect: { revision: due.entry.revision } }]);
}

function duePath(at: number, kind: string, id: string): string {
  return `${ROOT}${digits(at)}/${kind}/${id}`;
}

function digits(at: number): string {
  return String(Math.max(0, Math.floor(at))).padStart(DIGITS, '0');
}

function parse(entry: Versioned<object>): Due {
  const [at = '', kind = '', ...id] = entry.path.slice(ROOT.length).split('/');
  return { at: Number(at), kind, id: id.join('/'), entry };
}
