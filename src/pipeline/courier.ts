import type { Chat } from '../chat/chat.ts';
import type { MessageRef } from '../chat/invocation.ts';
import type { Message, Metadata } from '../chat/message.ts';
import { digestOf } from '../ids.ts';
import type { Logger } from '../log.ts';
import type { PendingRow } from '../state/outbox.ts';
import type { Store } from '../state/store.ts';
import { type Clock, delay } from '../time.ts';
import {
  type Card,
  type ClaimDeps,
  type ClaimedRow,
  cardOf,
  claimRow,
  knownCards,
  release,
  settle,
} from './claimed-row.ts';

export { cardOf } from './claimed-row.ts';

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
   * @param written the revision at which the row was written, where the caller has just done so: spares looking for it.
   */
  kick(kind: string, id: string, afterMs?: number, written?: string): void;
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
  /** Said in the channel, too, when it is a reply in a thread. */
  readonly isBroadcast?: boolean;
  /** Edits of this message are at least so far apart, and left out where nothing but the notification line changed. */
  readonly everyMs?: number;
  /** Called once Slack has taken the first one. Best effort. */
  readonly posted?: () => Promise<void>;
  /** Other rows that waited for this message to be there: replies in its thread. Kicked after it was posted. */
  readonly followers?: readonly { readonly kind: string; readonly id: string }[];
}
/** `later`: there is something to say but not yet, such as a reply to a message that is not in Slack; the row stays. */
export type Renderers = Readonly<Record<string, Renderer>>;
/** @param written the revision of the row that is being delivered: what was recorded together with it may be shown without reading it. */
export type Renderer = (id: string, written?: string) => Promise<Rendering | 'later' | undefined>;

export interface CourierDeps {
  readonly store: Store;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly log: Logger;
  readonly worker: string;
  /** Rows of one kind that wait. */
  pending(limit: number, kind: string): Promise<readonly PendingRow[]>;
  /** Slack refused the channel for good: not a member, archived, gone. */
  isRefusedChannel(error: unknown): boolean;
  /** Slack no longer has the message that was to be edited. */
  isGoneMessage(error: unknown): boolean;
  /** Outsiders read along in this channel now. @throws UnavailableError when Slack does not say. */
  isShared(channel: string): Promise<boolean>;
}

const PENDING_MOST = 1_000;
const AT_ONCE = 200;

export function createCourier(renderers: Renderers, deps: CourierDeps): Courier {
  const running = new Map<string, Promise<void>>();
  /** What came while it was being delivered → the revision of its row, if that is known. */
  const again = new Map<string, string | undefined>();
  const stopping = new AbortController();
  const cards = knownCards();
  let isStopped = false;

  const run = (kind: string, id: string, written?: string): Promise<void> => {
    // A row of a kind that only a newer replica knows is left to it.
    if (!Object.hasOwn(renderers, kind)) return Promise.resolve();
    const key = `${kind}/${id}`;
    const current = running.get(key);
    if (current) {
      again.set(key, written);
      return current;
    }
    const work = deliverRow(kind, id, renderers, { ...deps, cards, stopping: stopping.signal }, written)
      .then((followers) => {
        for (const follower of followers) if (!isStopped) void run(follower.kind, follower.id);
      })
      .catch((error) => deps.log.warn({ err: error, kind, id }, 'message not delivered yet; it stays in the outbox'))
      .finally(() => {
        running.delete(key);
        const next = again.get(key);
        if (again.delete(key) && !isStopped) void run(kind, id, next);
      });
    running.set(key, work);
    return work;
  };

  const deliverKind = async (kind: string): Promise<void> => {
    const rows = await deps.pending(PENDING_MOST, kind);
    for (let at = 0; at < rows.length && !isStopped; at += AT_ONCE)
      await Promise.all(rows.slice(at, at + AT_ONCE).map((row) => run(kind, row.subjectId)));
  };

  return {
    kick(kind, id, afterMs = 0, written = undefined) {
      if (afterMs === 0 && !isStopped) void run(kind, id, written);
      // Unreferenced: what is not delivered when the process ends waits in the outbox.
      else setTimeout(() => void (isStopped || run(kind, id, written)), afterMs).unref();
    },
    async deliverPending() {
      // Each kind by itself: replies that wait for their message must not stand before it.
      await Promise.all(Object.keys(renderers).map(deliverKind));
    },
    show(kind, id, message) {
      if (isStopped || running.has(`${kind}/${id}`)) return;
      void showNow(kind, id, message, deps);
    },
    async stop() {
      isStopped = true;
      stopping.abort();
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

interface Running extends CourierDeps, ClaimDeps {
  readonly stopping: AbortSignal;
}

/** @returns rows that waited for what was posted just now. */
async function deliverRow(
  kind: string,
  id: string,
  renderers: Renderers,
  deps: Running,
  written: string | undefined,
): Promise<NonNullable<Rendering['followers']>> {
  const followers: { kind: string; id: string }[] = [];
  for (let rounds = 0; rounds < 5; rounds++) {
    const claimed = await claimRow(kind, id, deps, rounds === 0 ? written : undefined);
    if (!claimed) break;
    const rendering = await renderInTime(claimed, async (row) => renderers[kind]?.(id, row), deps);
    if (rendering === 'later') {
      await release(kind, id, claimed, deps);
      break;
    }
    const card = rendering && (await show(kind, id, claimed, rendering, deps));
    const isOver = await settle(kind, id, claimed, card, deps);
    if (rendering && claimed.card.ref === undefined) {
      followers.push(...(rendering.followers ?? []));
      await rendering.posted?.().catch((error) => deps.log.warn({ err: error, kind, id }, 'not noted as posted'));
    }
    if (isOver) break;
  }
  return followers;
}

/** Waits until the message may be edited again, so that what changes meanwhile is part of the same edit. */
async function renderInTime(
  { card, row }: ClaimedRow,
  render: (row?: string) => Promise<Rendering | 'later' | undefined>,
  deps: Running,
): Promise<Rendering | 'later' | undefined> {
  const rendering = await render(row.revision);
  if (rendering === undefined || rendering === 'later') return rendering;
  const waitMs = Math.min(rendering.everyMs ?? 0, (card.at ?? 0) + (rendering.everyMs ?? 0) - deps.clock());
  if (waitMs <= 0 || digestOfWords(rendering) === card.digest) return rendering;
  try {
    await delay(waitMs, deps.stopping);
  } catch {
    return 'later';
  }
  return await render();
}

/** What people see; an age in the notification line is no news, nor is the generation in the buttons, which are looked up anew. */
function digestOfWords({ message, everyMs }: Rendering): string | undefined {
  if (everyMs === undefined) return undefined;
  const { notice: _notice, metadata: _metadata, buttons = [], ...seen } = message;
  return digestOf({ ...seen, buttons: buttons.map(({ value: _value, ...button }) => button) });
}

/** @returns what is to be remembered of the message. */
async function show(
  kind: string,
  id: string,
  claimed: ClaimedRow,
  rendering: Rendering,
  deps: CourierDeps,
): Promise<Card> {
  const digest = digestOfWords(rendering);
  if (digest !== undefined && claimed.card.ref && digest === claimed.card.digest) return claimed.card;
  const ref = await putIntoSlack(kind, id, claimed, rendering, deps);
  return { ref: { channel: ref.channel, ts: ref.ts }, ...(digest !== undefined && { digest, at: deps.clock() }) };
}

async function putIntoSlack(
  kind: string,
  id: string,
  claimed: ClaimedRow,
  rendering: Rendering,
  deps: CourierDeps,
): Promise<MessageRef> {
  const place = await placeOf(rendering, deps);
  const known = claimed.card.ref ?? (claimed.wasAttempted ? await find({ ...rendering, ...place }, deps) : undefined);
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
  { channel, thread, isBroadcast, fallbackUser }: Rendering,
  deps: CourierDeps,
): Promise<{ channel: string; thread: string | undefined; isBroadcast?: boolean | undefined }> {
  if (!(await deps.isShared(channel))) return { channel, thread, isBroadcast };
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
