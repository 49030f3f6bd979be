import type { Chat } from '../chat/chat.ts';
import type { MessageRef } from '../chat/invocation.ts';
import type { Message, Metadata } from '../chat/message.ts';
import type { Logger } from '../log.ts';
import type { PendingRow } from '../state/outbox.ts';
import type { Store, Versioned } from '../state/store.ts';
import type { Clock } from '../time.ts';

/**
 * Brings the words of living things (changes, later incidents and reboot requests) to Slack: one message each, posted once, edited in
 * place, at least once for every state.
 *
 * The outbox row is written in the transaction that changed the thing. The content is rendered at delivery time, so several transitions
 * in a row become one edit. A row is only removed when the generation it names has been shown. Before the first post the row is marked;
 * whoever finds a marked row without a known message looks in Slack for the metadata before posting.
 */
export interface Courier {
  /**
   * Delivers the row of one subject; failures stay in the outbox.
   * @param afterMs waits a moment first, so that a state that passes at once is not shown at all. Default 0.
   */
  kick(kind: string, id: string, afterMs?: number): void;
  /** Delivers everything that waits, as after a crash. */
  deliverPending(): Promise<void>;
  /** Shows a passing state, such as progress, on a message that is already there. Best effort, never durable. */
  show(kind: string, id: string, message: Message): void;
  stop(): Promise<void>;
}

/** What a subject looks like now, and where its message lives. Undefined: it is gone, and so is its row. */
export interface Rendering {
  readonly generation: number;
  readonly message: Message;
  readonly channel: string;
  readonly thread?: string | undefined;
  /** Where the message goes when Slack refuses the channel: the person's own direct message. */
  readonly fallbackUser: string;
  readonly since: number;
  readonly metadata: Omit<Metadata, 'generation'>;
}
export type Renderers = Readonly<Record<string, (id: string) => Promise<Rendering | undefined>>>;

export interface CourierDeps {
  readonly store: Store;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly log: Logger;
  readonly worker: string;
  pending(limit: number): Promise<readonly PendingRow[]>;
  /** Slack refused the channel for good: not a member, archived, gone. */
  isRefusedChannel(error: unknown): boolean;
  /** Slack no longer has the message that was to be edited. */
  isGoneMessage(error: unknown): boolean;
  /** Outsiders read along in this channel now. @throws UnavailableError when Slack does not say. */
  isShared(channel: string): Promise<boolean>;
}

const CLAIM_MS = 30_000;

interface Claim {
  readonly owner: string;
  readonly until: number;
}

export function createCourier(renderers: Renderers, deps: CourierDeps): Courier {
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();
  let isStopped = false;

  const run = (kind: string, id: string): Promise<void> => {
    // A row of a kind that only a newer replica knows is left to it.
    if (!Object.hasOwn(renderers, kind)) return Promise.resolve();
    const key = `${kind}/${id}`;
    const current = running.get(key);
    if (current) {
      again.add(key);
      return current;
    }
    const work = deliverRow(kind, id, renderers, deps)
      .catch((error) => deps.log.warn({ err: error, kind, id }, 'message not delivered yet; it stays in the outbox'))
      .finally(() => {
        running.delete(key);
        if (again.delete(key) && !isStopped) void run(kind, id);
      });
    running.set(key, work);
    return work;
  };

  return {
    kick(kind, id, afterMs = 0) {
      if (afterMs === 0 && !isStopped) void run(kind, id);
      // Unreferenced: what is not delivered when the process ends waits in the outbox.
      else setTimeout(() => void (isStopped || run(kind, id)), afterMs).unref();
    },
    async deliverPending() {
      const rows = await deps.pending(200);
      await Promise.all(rows.map((row) => run(row.subjectKind, row.subjectId)));
    },
    show(kind, id, message) {
      if (isStopped || running.has(`${kind}/${id}`)) return;
      void showNow(kind, id, message, deps);
    },
    async stop() {
      isStopped = true;
      await Promise.allSettled(running.values());
    },
  };
}

async function showNow(kind: string, id: string, message: Message, deps: CourierDeps): Promise<void> {
  try {
    const ref = await cardOf(deps.store, kind, id);
    if (ref && !(await deps.isShared(ref.channel))) await deps.chat.update(ref, message);
  } catch (error) {
    deps.log.debug({ err: error, kind, id }, 'progress not shown');
  }
}

/** Where a subject's message is, if it has one yet. */
export async function cardOf(store: Store, kind: string, id: string): Promise<MessageRef | undefined> {
  return (await store.get<Card>(cardPath(kind, id)))?.value.ref;
}

const rowPath = (kind: string, id: string): string => `outbox/${kind}/${id}`;
const cardPath = (kind: string, id: string): string => `cards/${kind}/${id}`;
const claimPath = (kind: string, id: string): string => `claims/${kind}/${id}`;

async function deliverRow(kind: string, id: string, renderers: Renderers, deps: CourierDeps): Promise<void> {
  for (let rounds = 0; rounds < 5; rounds++) {
    const claimed = await claimRow(kind, id, deps);
    if (!claimed) return;
    const rendering = await renderers[kind]?.(id);
    const ref = rendering && (await putIntoSlack(kind, id, claimed, rendering, deps));
    if (await settle(kind, id, claimed, ref, deps)) return;
  }
}

/** Where the message is; without a `ref` somebody began to post it and may have died before noting where. */
interface Card {
  readonly ref?: MessageRef;
}

interface ClaimedRow {
  readonly row: Versioned<object>;
  readonly claimRevision: string;
  /** Somebody may have posted before us and died. */
  readonly wasAttempted: boolean;
  readonly ref: MessageRef | undefined;
}

/** Two replicas see the same row; the claim lets one of them speak. It ends by itself, since words may be said twice but not never. */
async function claimRow(kind: string, id: string, deps: CourierDeps): Promise<ClaimedRow | undefined> {
  const [row, held, card] = await Promise.all([
    deps.store.get<object>(rowPath(kind, id)),
    deps.store.get<Claim>(claimPath(kind, id)),
    deps.store.get<Card>(cardPath(kind, id)),
  ]);
  if (!row || (held && held.value.owner !== deps.worker && held.value.until > deps.clock())) return undefined;
  const claim: Claim = { owner: deps.worker, until: deps.clock() + CLAIM_MS };
  const revision = await deps.store.commit([
    { op: 'put', path: claimPath(kind, id), value: claim, expect: held ? { revision: held.revision } : 'absent' },
    ...(card
      ? []
      : [{ op: 'put' as const, path: cardPath(kind, id), value: {} satisfies Card, expect: 'absent' as const }]),
  ]);
  if (revision === undefined) return undefined;
  return { row, claimRevision: revision, wasAttempted: card !== undefined, ref: card?.value.ref };
}

async function putIntoSlack(
  kind: string,
  id: string,
  claimed: ClaimedRow,
  rendering: Rendering,
  deps: CourierDeps,
): Promise<MessageRef> {
  const place = await placeOf(rendering, deps);
  const known = claimed.ref ?? (claimed.wasAttempted ? await find({ ...rendering, ...place }, deps) : undefined);
  if (known && !(await deps.isShared(known.channel))) {
    try {
      await deps.chat.update(known, rendering.message);
      return known;
    } catch (error) {
      if (!deps.isGoneMessage(error)) throw error;
      deps.log.info({ kind, id }, 'the message was deleted; posting it anew');
    }
  }
  try {
    return await deps.chat.post(place, rendering.message);
  } catch (error) {
    if (!deps.isRefusedChannel(error)) throw error;
    deps.log.warn(
      { kind, id, channel: rendering.channel, err: error },
      'Slack refused the channel; telling the person directly',
    );
    return await deps.chat.post({ channel: rendering.fallbackUser }, rendering.message);
  }
}

/** A channel can become shared with another organisation at any time: then the person is told directly, and it hears no more. */
async function placeOf(
  { channel, thread, fallbackUser }: Rendering,
  deps: CourierDeps,
): Promise<{ channel: string; thread: string | undefined }> {
  if (!(await deps.isShared(channel))) return { channel, thread };
  deps.log.warn({ channel }, 'the channel is shared with another organisation; telling the person directly');
  return { channel: fallbackUser, thread: undefined };
}

async function find(rendering: Rendering, deps: CourierDeps): Promise<MessageRef | undefined> {
  try {
    return await deps.chat.find(
      { channel: rendering.channel, thread: rendering.thread, since: rendering.since },
      rendering.metadata,
    );
  } catch (error) {
    if (deps.isRefusedChannel(error)) return undefined;
    throw error;
  }
}

/** @returns false when a newer generation came meanwhile and is to be delivered too. */
async function settle(
  kind: string,
  id: string,
  claimed: ClaimedRow,
  ref: MessageRef | undefined,
  deps: CourierDeps,
): Promise<boolean> {
  const release = { op: 'del' as const, path: claimPath(kind, id), expect: { revision: claimed.claimRevision } };
  const isNew = ref !== undefined && (claimed.ref?.ts !== ref.ts || claimed.ref?.channel !== ref.channel);
  const card = isNew
    ? [
        {
          op: 'put' as const,
          path: cardPath(kind, id),
          value: { ref: { channel: ref.channel, ts: ref.ts } } satisfies Card,
          expect: 'any' as const,
        },
      ]
    : [];
  const done = await deps.store.commit([
    { op: 'del', path: claimed.row.path, expect: { revision: claimed.row.revision } },
    ...card,
    release,
  ]);
  if (done !== undefined) return true;
  await deps.store.commit([...card, release]);
  return false;
}
