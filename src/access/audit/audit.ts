import type { Logger } from '../../log.ts';
import type { Change, Store } from '../../state/store.ts';
import { type Clock, delay } from '../../time.ts';
import { openChain } from './chain.ts';
import type { Draft, Entry } from './entry.ts';
import { fileSink } from './file-sink.ts';
import { httpSink } from './http-sink.ts';
import { pendingChange } from './pending.ts';
import { refusalGate } from './refusals.ts';
import { prune } from './retention.ts';
import { type AuditTrail, auditTrail } from './trail.ts';

/** The audit log: what was asked for, decided, begun and ended, append-only and chained, in Shipmate's own etcd. */
export interface Audit extends AuditTrail {
  /**
   * Links a draft before it returns: what is about to be done stands in the chain first.
   * @throws UnavailableError when it could not be written within 5 s; then nothing may be done.
   */
  append(draft: Draft): Promise<Entry>;
  /** For a commit that makes the draft true: it is linked afterwards, by whichever replica lives. Call `written` after the commit. */
  pending(draft: Draft & { readonly invocation: string }): Change;
  written(): void;
  /** Somebody was refused. Never waits and never throws; floods are counted instead of written. */
  refused(draft: Omit<Draft, 'type'>): void;
  /** Somebody looked at something: a line on stdout, nothing in etcd. */
  read(draft: Omit<Draft, 'type'>): void;
  /** Links what another replica left behind, feeds the exports, removes what is old. */
  start(): { stop(): Promise<void> };
}

export interface AuditOptions {
  readonly reads: 'stdout' | 'off';
  /** How long entries are kept, milliseconds. */
  readonly keepMs: number;
  readonly file?: string | undefined;
  readonly url?: string | undefined;
  readonly token?: string | undefined;
}

export interface AuditDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** This process. */
  readonly owner: string;
  random(): number;
  /** Takes secrets out of a draft: nothing that is not redacted reaches the chain or an export. */
  redact<T extends Omit<Draft, 'type'>>(draft: T): T;
}

/** A step waits that long for others before it is linked: the intent that follows a confirmation takes it along. */
const GATHER_MS = 50;
const LAST_DRAIN_MS = 1_000;
const REPAIR_MS = 5_000;
const RETENTION_MS = 3_600_000;
const SLOWEST_MS = 60_000;

export function openAudit(options: AuditOptions, deps: AuditDeps): Audit {
  const { store, clock } = deps;
  // Its own stream among the lines of the log; it must not be silenced by LOG_LEVEL=warn.
  const lines = deps.log.child({ audit: true }, { level: deps.log.level === 'silent' ? 'silent' : 'info' });
  const gate = refusalGate(clock);
  let isDraining = false;
  let isStopped = false;
  let wake: () => void = () => undefined;
  const chain = openChain({
    store,
    clock,
    random: deps.random,
    linked(entries) {
      for (const entry of entries) lines.info({ entry }, 'audit');
      wake();
    },
  });
  const clean = <T extends Omit<Draft, 'type'>>(draft: T): T => shortened(deps.redact(draft));
  const inBackground = (work: Promise<unknown>): void =>
    void work.catch((error) =>
      deps.log.warn({ err: error }, 'The audit log is not written yet; it will be tried again.'),
    );

  return {
    ...auditTrail(store, () => chain.seen),
    append: (draft) => chain.append(clean(draft)),
    pending: (draft) => pendingChange(clean(draft)),
    written() {
      if (isDraining || isStopped) return;
      isDraining = true;
      inBackground(
        delay(GATHER_MS).then(() => {
          isDraining = false;
          return isStopped ? undefined : chain.drain();
        }),
      );
    },
    refused(draft) {
      const full = clean({ type: 'refused', ...draft });
      const kept = gate(full);
      // Not in the chain is at least on stdout: a refusal does not wait for etcd.
      if (kept) chain.append(kept).catch((err) => lines.warn({ err, entry: kept }, 'audit entry not linked'));
    },
    read(draft) {
      if (options.reads === 'stdout') lines.info({ entry: clean({ type: 'read', ...draft }) }, 'audit');
    },
    start() {
      const stopping = new AbortController();
      const woken = new Set<() => void>();
      wake = () => {
        for (const go of woken) go();
      };
      const every = (what: string, pauseMs: number, isWoken: boolean, work: () => Promise<unknown>): Promise<void> =>
        repeat({ what, pauseMs, work, stopping: stopping.signal, log: deps.log, ...(isWoken && { woken }) });
      const loops = [every('link', REPAIR_MS, false, () => chain.drain())];
      loops.push(
        every('retention', RETENTION_MS, false, () => prune(store, chain, clock() - options.keepMs, clock(), deps.log)),
      );
      if (options.file !== undefined) {
        const sink = fileSink(options.file, store);
        loops.push(every('file', REPAIR_MS, true, () => sink.copy()));
      }
      if (options.url !== undefined) {
        const sink = httpSink(store, { url: options.url, token: options.token, owner: deps.owner }, clock);
        loops.push(every('http', REPAIR_MS, true, () => sink.send()));
      }
      return {
        async stop() {
          stopping.abort();
          await Promise.all(loops);
          // What stays behind is linked by another replica, or at the next start.
          await Promise.race([chain.drain(), delay(LAST_DRAIN_MS)]).catch(() => undefined);
          isStopped = true;
        },
      };
    },
  };
}

interface Loop {
  readonly what: string;
  readonly pauseMs: number;
  readonly stopping: AbortSignal;
  readonly log: Logger;
  /** Present: also runs as soon as it is woken. */
  readonly woken?: Set<() => void>;
  work(): Promise<unknown>;
}

/** Again and again until stopped; after failures ever more seldom, up to a minute. */
async function repeat({ what, pauseMs, stopping, log, woken, work }: Loop): Promise<void> {
  let failures = 0;
  while (!stopping.aborted) {
    const cut = new AbortController();
    const go = (): void => cut.abort();
    woken?.add(go);
    try {
      await work();
      failures = 0;
    } catch (error) {
      failures += 1;
      log.warn({ err: error, what }, 'The audit log could not be processed; it will be tried again.');
      // What wakes it does not mend what failed.
      woken?.delete(go);
    }
    const pause = failures === 0 ? pauseMs : Math.min(1_000 * 2 ** failures, SLOWEST_MS);
    await delay(pause, AbortSignal.any([stopping, cut.signal])).catch(() => undefined);
    woken?.delete(go);
  }
}

const MAX_TEXT = 8_000;
const MAX_TARGETS = 50;

/** Long lists and texts are cut: an entry stays far below etcd's limit of a request. */
function shortened<T extends Omit<Draft, 'type'>>(draft: T): T {
  const cut = (text: string | undefined): string | undefined =>
    text !== undefined && text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (${text.length} characters)` : text;
  const targets =
    draft.targets && draft.targets.length > MAX_TARGETS
      ? [...draft.targets.slice(0, MAX_TARGETS), `… and ${draft.targets.length - MAX_TARGETS} more`]
      : draft.targets;
  return {
    ...draft,
    typed: cut(draft.typed),
    parsed: cut(draft.parsed),
    reason: cut(draft.reason),
    said: cut(draft.said),
    targets,
  };
}
