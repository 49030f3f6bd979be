import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/incidents/engine-contract.ts';
import { startLoop, type Taker } from '../../../src/incidents/watcher/loop.ts';
import { createLogger } from '../../../src/log.ts';
import { delay, systemClock } from '../../../src/time.ts';
import { state } from '../ledger/world.ts';

/** An engine that says the same of whatever changes. */
const engine: Pick<Engine, 'changed' | 'due' | 'nextDue' | 'sweep' | 'standing'> = {
  changed: () => [state('web')],
  due: () => [],
  nextDue: () => undefined,
  sweep: () => ({ states: [], done: true }),
  standing: () => [state('web')],
};

/** A ledger whose commits take a moment; counts comparisons. */
class SlowTaker implements Taker {
  comparisons = 0;
  #fails = 0;

  constructor(fails: number) {
    this.#fails = fails;
  }

  async accept(): Promise<void> {
    await delay(20);
    if (this.#fails-- > 0) throw new Error('etcd did not answer');
  }

  async start(): Promise<void> {
    this.comparisons += 1;
    await delay(20);
  }

  async due(): Promise<void> {}

  nextDue(): undefined {}
}

describe('the loop of a watch', () => {
  it('compares what stands with what is recorded although changes never cease', async () => {
    const stopping = new AbortController();
    const ledger = new SlowTaker(1);
    const loop = startLoop({
      ...{ engine: engine as Engine, ledger, clock: systemClock, log: createLogger('silent') },
      signal: stopping.signal,
    });
    const changing = (async () => {
      while (!stopping.signal.aborted) {
        loop.changed(['uid']);
        await delay(5);
      }
    })();

    // Once at the start, once more after the commit that failed.
    await expect.poll(() => ledger.comparisons, { timeout: 5_000 }).toBeGreaterThanOrEqual(2);

    stopping.abort();
    await Promise.all([loop.done, changing]);
  });
});
