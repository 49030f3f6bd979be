import type { Change, Store, Versioned } from './store.ts';

/**
 * The outbox: which subjects have something to say that Slack has not taken yet. A row is written in the same commit as the fact, names the
 * subject's generation, and holds no text: whoever delivers reads the subject and says what is true then. One row per subject, so ten
 * changes while Slack is down become one message.
 */
export interface OutboxRow {
  /** `invocation`, `incident`, `request`. No `/`. */
  readonly subjectKind: string;
  readonly subjectId: string;
  /** The subject's generation that must reach Slack; later ones include it. */
  readonly generation: number;
  readonly channel: string;
  readonly thread?: string | undefined;
  /** Epoch ms at which the first undelivered change happened. */
  readonly since: number;
}

export interface PendingRow extends OutboxRow {
  readonly entry: Versioned<object>;
}

const ROOT = 'outbox/';

/** Says that the subject has something to tell; replaces an older row. Put it into the commit that changed the subject. */
export function outboxChange(row: OutboxRow): Change {
  const { subjectKind, subjectId, ...value } = row;
  return { op: 'put', path: `${ROOT}${subjectKind}/${subjectId}`, value, expect: 'any' };
}

/** Rows not delivered yet, of all kinds or of one. @param after the path of the last row that was seen already. */
export async function pending(
  store: Store,
  limit = 100,
  subjectKind?: string,
  after?: string,
): Promise<readonly PendingRow[]> {
  const prefix = subjectKind === undefined ? ROOT : `${ROOT}${subjectKind}/`;
  const page = { limit, ...(after !== undefined && { after }) };
  const entries = await store.list<Omit<OutboxRow, 'subjectKind' | 'subjectId'>>(prefix, page);
  return entries.map((entry) => ({ ...entry.value, ...subjectOf(entry.path), entry }));
}

/** Removes a delivered row. @returns false when the subject has changed since: the row stays and must be delivered again. */
export async function settle(store: Store, row: PendingRow): Promise<boolean> {
  const { path, revision } = row.entry;
  return (await store.commit([{ op: 'del', path, expect: { revision } }])) !== undefined;
}

/**
 * Calls back when rows are written or gone, so that delivery need not poll; at most a hint (see `Store.watch`).
 * @param onRow `isThere`: false when it was delivered.
 */
export function watchOutbox(
  store: Store,
  onRow: (row: Pick<OutboxRow, 'subjectKind' | 'subjectId'>, isThere: boolean) => void,
): Promise<{ stop(): Promise<void> }> {
  return store.watch(ROOT, ({ path, value }) => onRow(subjectOf(path), value !== undefined));
}

function subjectOf(path: string): { subjectKind: string; subjectId: string } {
  const [subjectKind = '', ...id] = path.slice(ROOT.length).split('/');
  return { subjectKind, subjectId: id.join('/') };
}
