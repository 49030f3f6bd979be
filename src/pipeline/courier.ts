import type { Message } from '../chat/message.ts';
import { digestOf } from '../ids.ts';
import type { PendingRow } from '../state/outbox.ts';
import type { Store } from '../state/store.ts';
import { delay } from '../time.ts';
import {
  type Card,
  type ClaimDeps,
  type ClaimedRow,
  cardOf,
  claimRow,
  holdClaim,
  knownCards,
  release,
  settle,
} from './claimed-row.ts';
import { Complaints } from './complaints.ts';
import { putIntoSlack, type Refused, type SlackDoor } from './put-into-slack.ts';
import type { Renderers, Rendering } from './rendering.ts';

export { cardOf } from './claimed-row.ts';
export type { Renderer, Renderers, Rendering } from './rendering.ts';

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
  /** @param withinMs what Slack has not taken by then stays in the outbox. Default: until it has. */
  stop(withinMs?: number): Promise<void>;
}

export interface CourierDeps extends SlackDoor {
  readonly store: Store;
  readonly worker: string;
  /** Rows of one kind that wait. @param after the path of the last one that was seen. */
  pending(limit: number, kind: string, after?: string): Promise<readonly PendingRow[]>;
}

const PAGE = 1_000;
/** Rows of one channel that are delivered at a time; Slack takes about one a second. */
const AT_ONCE = 50;

export function createCourier(renderers: Renderers, deps: CourierDeps): Courier {
  const running = new Map<string, Promise<void>>();
  /** What came while it was being delivered → the revision of its row, if that is known. */
  const again = new Map<string, string | undefined>();
  const stopping = new AbortController();
  const cards = knownCards();
  const refused: Refused = new Map();
  const complaints = new Complaints(deps.clock);
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
    const work = deliverRow(kind, id, renderers, { ...deps, cards, refused, stopping: stopping.signal }, written)
      .then((followers) => {
        for (const follower of followers) if (!isStopped) void run(follower.kind, follower.id);
      })
      .catch((error) => {
        if (complaints.isNew(kind, error))
          deps.log.warn({ err: error, kind, id }, 'message not delivered yet; it stays in the outbox');
      })
      .finally(() => {
        running.delete(key);
        const next = again.get(key);
        if (again.delete(key) && !isStopped) void run(kind, id, next);
      });
    running.set(key, work);
    return work;
  };

  const deliverRows = async (kind: string, rows: readonly PendingRow[]): Promise<void> => {
    for (let at = 0; at < rows.length && !isStopped; at += AT_ONCE)
      await Promise.all(rows.slice(at, at + AT_ONCE).map((row) => run(kind, row.subjectId)));
  };
  const deliverKind = async (kind: string): Promise<void> => {
    for (let after: string | undefined; !isStopped; ) {
      const rows = await deps.pending(PAGE, kind, after);
      // Channel by channel: a slow one, or one that Slack refuses, holds up no other.
      const channels = Map.groupBy(rows, ({ channel }) => channel);
      await Promise.all([...channels.values()].map((own) => deliverRows(kind, own)));
      if (rows.length < PAGE) return;
      after = rows.at(-1)?.entry.path;
    }
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
    async stop(withinMs) {
      isStopped = true;
      stopping.abort();
      const delivered = Promise.allSettled(running.values());
      if (withinMs === undefined) return void (await delivered);
      const enough = new AbortController();
      await Promise.race([delivered, delay(withinMs, enough.signal).catch(() => undefined)]);
      enough.abort();
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
  readonly refused: Refused;
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
    const holding = holdClaim(kind, id, claimed, deps);
    let rendering: Rendering | 'later' | undefined;
    let card: Card | undefined;
    let held: ClaimedRow;
    try {
      rendering = await renderInTime(claimed, async (row) => renderers[kind]?.(id, row), deps);
      if (rendering !== 'later') card = rendering && (await show(kind, id, claimed, rendering, deps));
    } finally {
      held = await holding.end();
    }
    if (rendering === 'later') {
      await release(kind, id, held, deps);
      break;
    }
    const isOver = await settle(kind, id, held, card, deps);
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
async function show(kind: string, id: string, claimed: ClaimedRow, rendering: Rendering, deps: Running): Promise<Card> {
  const digest = digestOfWords(rendering);
  if (digest !== undefined && claimed.card.ref && digest === claimed.card.digest) return claimed.card;
  const ref = await putIntoSlack({ kind, id }, claimed, rendering, deps, deps.refused);
  return { ref: { channel: ref.channel, ts: ref.ts }, ...(digest !== undefined && { digest, at: deps.clock() }) };
}
