import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '../../src/log.ts';
import { CommitUnknownError, openStore } from '../../src/state/etcd-store.ts';
import type { Store } from '../../src/state/store.ts';
import { type LossyLine, startLossyLine } from '../etcd/lossy-line.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../support/services.ts';

/**
 * Several writers fight over one counter while etcd is frozen, killed and its answers are lost. Every commit also leaves a note of its own
 * in the same transaction, so that afterwards each claim ("it landed", "it did not", "unknown") is held against what etcd has.
 */
let etcd: EtcdService;
let line: LossyLine;

beforeAll(async () => {
  etcd = await startEtcd();
  line = await startLossyLine(etcd.endpoint);
});
afterAll(async () => {
  await line.stop();
  await etcd.stop();
});

interface Claim {
  readonly note: string;
  readonly outcome: 'landed' | 'refused' | 'unknown';
}

async function fight(store: Store, name: string, isOver: () => boolean): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (let turn = 0; !isOver(); turn += 1) {
    const note = `notes/${name}-${turn}`;
    try {
      const counter = await store.get<{ n: number }>('counter');
      const revision = await store.commit([
        {
          op: 'put',
          path: 'counter',
          value: { n: (counter?.value.n ?? 0) + 1 },
          expect: counter ? { revision: counter.revision } : 'absent',
        },
        { op: 'put', path: note, value: {}, expect: 'absent' },
      ]);
      claims.push({ note, outcome: revision === undefined ? 'refused' : 'landed' });
    } catch (error) {
      // Any other failure certainly wrote nothing.
      claims.push({ note, outcome: error instanceof CommitUnknownError ? 'unknown' : 'refused' });
    }
  }
  return claims;
}

it('every commit tells the truth about itself while etcd freezes, dies and goes unheard', async () => {
  const prefix = ownPrefix();
  const log = createLogger('silent');
  const endpoints = [etcd.endpoint, etcd.endpoint, line.endpoint];
  const stores = endpoints.map((endpoint) => openStore({ endpoints: [endpoint] }, { prefix, log }));
  const witness = openStore({ endpoints: [etcd.endpoint] }, { prefix, log });
  let isOver = false;
  const fights = stores.map((store, index) => fight(store, `w${index}`, () => isOver));
  const reached = async (n: number) => {
    await expect
      .poll(async () => (await witness.get<{ n: number }>('counter').catch(() => undefined))?.value.n ?? 0)
      .toBeGreaterThan(n);
    return (await witness.get<{ n: number }>('counter'))?.value.n ?? 0;
  };

  for (let round = 0; round < 3; round += 1) {
    const n = await reached(round * 10);
    line.loseAnswers();
    await reached(n + 5);
    line.mend();
    etcd.pause();
    // Long enough for first answers to be given up, short enough for the second offer to be answered.
    await expect(witness.get('counter')).rejects.toThrow();
    etcd.resume();
    await reached(n + 10);
    await etcd.kill();
    await etcd.restart();
  }
  await reached(30);
  isOver = true;
  const claims = (await Promise.all(fights)).flat();

  const notes = new Set((await witness.list('notes/', { limit: 100_000 })).map((note) => note.path));
  const counted = (await witness.get<{ n: number }>('counter'))?.value.n;
  const wrong = claims.filter(
    ({ note, outcome }) => outcome !== 'unknown' && notes.has(note) !== (outcome === 'landed'),
  );
  const tally = Object.groupBy(claims, (claim) => claim.outcome);

  expect(wrong).toEqual([]);
  expect(counted).toBe(notes.size);
  expect(tally.landed?.length).toBeGreaterThan(20);
  console.info(
    `landed ${tally.landed?.length}, refused ${tally.refused?.length}, unknown ${tally.unknown?.length ?? 0}, counter ${counted}`,
  );
  await Promise.all([...stores, witness].map((store) => store.close()));
}, 60_000);
