import type { Logger } from '../../log.ts';
import { type Clock, delay } from '../../time.ts';
import { createEngine } from '../engine/engine.ts';
import type { Scene } from '../engine-contract.ts';
import type { Ledger } from '../ledger/contract.ts';
import type { AnyRule } from '../rule.ts';
import type { Feed } from '../scene/feed.ts';
import { createScene } from '../scene/scene.ts';
import type { RuleSettings } from '../settings.ts';
import { startLoop } from './loop.ts';
import { seenShipmate } from './self.ts';
import { seenWatches } from './watches.ts';

export interface UnseenDeps {
  readonly cluster: string;
  readonly feed: Pick<Feed, 'statuses'>;
  readonly rules: readonly AnyRule[];
  readonly settings: RuleSettings;
  /** Keeps Shipmate's own incidents of this cluster and no others. */
  ledger(scene: Scene): Ledger;
  readonly bornAt: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Most clusters are seen sooner than that. Default 15 s. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 5_000;

/**
 * Tells that a cluster cannot be seen, for as long as it has never been seen in this term: what is wrong in it stays recorded as it is, and
 * only Shipmate's own trouble is judged. Resolves when the signal aborts.
 */
export async function mindUnseen(deps: UnseenDeps): Promise<void> {
  const { clock, log, signal, cluster } = deps;
  await delay(deps.patienceMs ?? PATIENCE_MS, signal).catch(() => undefined);
  if (signal.aborted) return;
  log.warn({ cluster }, 'the cluster cannot be seen yet');
  const scene = createScene(cluster, clock);
  const engine = createEngine({ scene, rules: deps.rules, settings: deps.settings });
  const ledger = deps.ledger(scene);
  const loop = startLoop({ engine, ledger, clock, log, signal });
  try {
    while (!signal.aborted) {
      const watches = seenWatches(deps.feed.statuses(), deps.bornAt);
      loop.changed(scene.put(seenShipmate(cluster, deps.bornAt, { watches })));
      await delay(LOOK_EVERY_MS, signal).catch(() => undefined);
    }
    await loop.done;
  } finally {
    await ledger.stop();
  }
}
