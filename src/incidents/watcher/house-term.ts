import type { Logger } from '../../log.ts';
import { type Clock, delay, parseDuration } from '../../time.ts';
import { startDeadman } from '../deadman.ts';
import { createEngine } from '../engine/engine.ts';
import type { Heartbeats } from '../heartbeats.ts';
import type { Ledger } from '../ledger/contract.ts';
import type { AnyRule } from '../rule.ts';
import { createScene } from '../scene/scene.ts';
import type { RuleSettings } from '../settings.ts';
import type { Backlog, WaitingRow } from './backlog.ts';
import { callOut } from './call-out.ts';
import { startLoop } from './loop.ts';
import { seenShipmate } from './self.ts';

export interface HouseTermDeps {
  readonly rules: readonly AnyRule[];
  readonly settings: RuleSettings;
  readonly ledger: Ledger;
  readonly heartbeats: () => Promise<Heartbeats>;
  readonly deadman: { readonly url: string; readonly every: string } | undefined;
  /** Whether what this process should see, it sees. */
  isWatching(): boolean;
  /** What waits to be said in Slack. */
  outbox(): Promise<readonly WaitingRow[]>;
  /** How long it has waited; kept up to date for as long as this term lasts. */
  readonly backlog: Backlog;
  readonly metrics: { outbox(pending: number, oldestSeconds: number): void };
  readonly clock: Clock;
  readonly log: Logger;
}

const LOOK_EVERY_MS = 5_000;

/** Watches Shipmate itself, as far as that belongs to no cluster, and keeps the incidents that no cluster's watch feeds. */
export async function watchHouse(deps: HouseTermDeps, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  const { clock, log } = deps;
  const scene = createScene('', clock);
  const engine = createEngine({ scene, rules: deps.rules, settings: deps.settings });
  const loop = startLoop({ engine, ledger: deps.ledger, clock, log, signal });
  const deadman =
    deps.deadman &&
    startDeadman({
      url: deps.deadman.url,
      everyMs: parseDuration(deps.deadman.every),
      clock,
      log,
      call: callOut,
      isWatching: deps.isWatching,
      signal,
    });
  const bornAt = clock();
  try {
    while (!signal.aborted) {
      await deps.outbox().then(
        (rows) => deps.backlog.look(rows, clock()),
        // etcd is away: whatever waited waits on.
        () => undefined,
      );
      const outboxPending = deps.backlog.pending;
      const outboxSince = deps.backlog.oldest();
      deps.metrics.outbox(outboxPending, outboxPending === 0 ? 0 : Math.max(0, clock() - outboxSince) / 1_000);
      const heartbeats = await deps.heartbeats().then(
        (open) => open.overdue(clock()),
        () => [],
      );
      loop.changed(
        scene.put(
          seenShipmate('', bornAt, {
            outboxSince,
            outboxPending,
            lagMs: loop.lagMs(),
            heartbeats,
            pingFailingSince: deadman?.failingSince() ?? 0,
          }),
        ),
      );
      await delay(LOOK_EVERY_MS, signal).catch(() => undefined);
    }
    await Promise.all([loop.done, deadman?.done]);
  } finally {
    deps.backlog.forget();
    await deps.ledger.stop();
  }
}
