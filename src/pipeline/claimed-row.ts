import type { MessageRef } from '../chat/invocation.ts';
import type { Change, Store, Versioned } from '../state/store.ts';
import { type Clock, delay } from '../time.ts';

export interface ClaimDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly worker: string;
  /** What this replica has noted last; see `knownCards`. */
  readonly cards: KnownCards;
}

/**
 * Where messages are, as this replica wrote it down itself, with the revisions: so that an edit need not look. Only ever a guess: the
 * commit that claims the row says whether it still holds.
 */
export interface KnownCards {
  get(key: string): { readonly card: Card; readonly revision: string } | undefined;
  set(key: string, card: Card, revision: string): void;
}

const CARDS_KNOWN = 1_000;

export function knownCards(): KnownCards {
  const known = new Map<string, { card: Card; revision: string }>();
  return {
    get: (key) => known.get(key),
    set(key, card, revision) {
      known.delete(key);
      known.set(key, { card, revision });
      for (const oldest of known.keys()) if (known.size > CARDS_KNOWN) known.delete(oldest);
    },
  };
}

/** Where a subject's message is, if it has one yet. */
export async function cardOf(store: Store, kind: string, id: string): Promise<MessageRef | undefined> {
  return (await store.get<Card>(cardPath(kind, id)))?.value.ref;
}

const rowPath = (kind: string, id: string): string => `outbox/${kind}/${id}`;
const cardPath = (kind: string, id: string): string => `cards/${kind}/${id}`;
const claimPath = (kind: string, id: string): string => `claims/${kind}/${id}`;

/** What somebody was saying when they died waits so long; the clocks of replicas may differ by less than that. */
const CLAIM_MS = 15_000;
const RENEW_MS = CLAIM_MS / 3;

interface Claim {
  readonly owner: string;
  readonly until: number;
}

/** Where the message is; without a `ref` somebody began to post it and may have died before noting where. */
export interface Card {
  readonly ref?: MessageRef;
  /** What it shows since when, where edits are spared. */
  readonly digest?: string;
  readonly at?: number;
}

export interface ClaimedRow {
  readonly row: Versioned<object>;
  readonly claimRevision: string;
  /** At which it was marked that somebody begins to post. */
  readonly markRevision: string;
  /** Somebody may have posted before us and died. */
  readonly wasAttempted: boolean;
  readonly card: Card;
}

/**
 * Two replicas see the same row; the claim lets one of them speak. It ends by itself, since words may be said twice but not never.
 * @param written the revision at which this replica wrote the row: it is claimed without looking, and looked at when that is refused.
 */
export async function claimRow(
  kind: string,
  id: string,
  deps: ClaimDeps,
  written?: string,
): Promise<ClaimedRow | undefined> {
  const claimed = written === undefined ? undefined : await claimUnseen(kind, id, written, deps);
  return claimed ?? (await claimSeen(kind, id, deps));
}

/**
 * Keeps a claim for as long as the row is being delivered: what waits for its turn in Slack's pace may wait longer than a claim lasts, and
 * whoever took it over would say the same once more.
 * @param everyMs between renewals.
 * @returns `end`: no more renewals; the row with the claim as it is now.
 */
export function holdClaim(
  kind: string,
  id: string,
  claimed: ClaimedRow,
  deps: ClaimDeps,
  everyMs: number = RENEW_MS,
): { end(): Promise<ClaimedRow> } {
  const ended = new AbortController();
  const holding = (async (): Promise<string> => {
    for (let revision = claimed.claimRevision; ; ) {
      await delay(everyMs, ended.signal).catch(() => undefined);
      if (ended.signal.aborted) return revision;
      const renewed = await renew(kind, id, revision, deps);
      // Somebody took it while etcd was away: the end of this delivery will show it.
      if (renewed === undefined) return revision;
      revision = renewed;
    }
  })();
  return {
    async end() {
      ended.abort();
      return { ...claimed, claimRevision: await holding };
    },
  };
}

/** @returns undefined when it is no longer ours. */
async function renew(kind: string, id: string, revision: string, deps: ClaimDeps): Promise<string | undefined> {
  const path = claimPath(kind, id);
  const claim: Claim = { owner: deps.worker, until: deps.clock() + CLAIM_MS };
  try {
    return await deps.store.commit([{ op: 'put', path, value: claim, expect: { revision } }]);
  } catch {
    // It may have been written although nobody said so.
    const found = await deps.store.get<Claim>(path).catch(() => undefined);
    return found?.value.owner === deps.worker ? found.revision : revision;
  }
}

async function claimUnseen(
  kind: string,
  id: string,
  written: string,
  deps: ClaimDeps,
): Promise<ClaimedRow | undefined> {
  const known = deps.cards.get(cardPath(kind, id));
  const row = { path: rowPath(kind, id), value: {}, revision: written };
  const claim: Claim = { owner: deps.worker, until: deps.clock() + CLAIM_MS };
  const revision = await deps.store.commit([
    { op: 'put', path: claimPath(kind, id), value: claim, expect: 'absent' },
    { op: 'check', path: row.path, expect: { revision: written } },
    known
      ? { op: 'check', path: cardPath(kind, id), expect: { revision: known.revision } }
      : { op: 'put', path: cardPath(kind, id), value: {} satisfies Card, expect: 'absent' },
  ]);
  if (revision === undefined) return undefined;
  return {
    row,
    claimRevision: revision,
    markRevision: revision,
    wasAttempted: known !== undefined,
    card: known?.card ?? {},
  };
}

async function claimSeen(kind: string, id: string, deps: ClaimDeps): Promise<ClaimedRow | undefined> {
  const row = await deps.store.get<object>(rowPath(kind, id));
  if (!row) return undefined;
  const [held, card] = await Promise.all([
    deps.store.get<Claim>(claimPath(kind, id)),
    deps.store.get<Card>(cardPath(kind, id)),
  ]);
  if (held && held.value.owner !== deps.worker && held.value.until > deps.clock()) return undefined;
  const claim: Claim = { owner: deps.worker, until: deps.clock() + CLAIM_MS };
  const revision = await deps.store.commit([
    { op: 'put', path: claimPath(kind, id), value: claim, expect: held ? { revision: held.revision } : 'absent' },
    ...(card
      ? []
      : [{ op: 'put' as const, path: cardPath(kind, id), value: {} satisfies Card, expect: 'absent' as const }]),
  ]);
  if (revision === undefined) return undefined;
  return {
    row,
    claimRevision: revision,
    markRevision: revision,
    wasAttempted: card !== undefined,
    card: card?.value ?? {},
  };
}

/** @returns false when a newer generation came meanwhile and is to be delivered too. */
export async function settle(
  kind: string,
  id: string,
  claimed: ClaimedRow,
  shown: Card | undefined,
  deps: ClaimDeps,
): Promise<boolean> {
  const before = claimed.card;
  const isNew =
    shown !== undefined &&
    (before.ref?.ts !== shown.ref?.ts || before.ref?.channel !== shown.ref?.channel || before.digest !== shown.digest);
  const card = isNew ? [{ op: 'put' as const, path: cardPath(kind, id), value: shown, expect: 'any' as const }] : [];
  const done = await deps.store.commit([
    { op: 'del', path: claimed.row.path, expect: { revision: claimed.row.revision } },
    ...card,
    releaseChange(kind, id, claimed),
  ]);
  if (done !== undefined) {
    if (isNew) deps.cards.set(cardPath(kind, id), shown, done);
    return true;
  }
  await deps.store.commit([...card, releaseChange(kind, id, claimed)]);
  return false;
}

function releaseChange(kind: string, id: string, { claimRevision }: ClaimedRow): Change {
  return { op: 'del', path: claimPath(kind, id), expect: { revision: claimRevision } };
}

/** Lets go of a row that is not to be delivered yet; nobody has to look for a message that was never tried. */
export async function release(kind: string, id: string, claimed: ClaimedRow, deps: ClaimDeps): Promise<void> {
  const mark: Change = { op: 'del', path: cardPath(kind, id), expect: { revision: claimed.markRevision } };
  await deps.store.commit([releaseChange(kind, id, claimed), ...(claimed.wasAttempted ? [] : [mark])]);
}
