import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { delay } from '../../src/time.ts';
import { freePorts } from '../support/services.ts';
import { rollDice } from './support/dice.ts';
import { type IncidentWorld, IS_SHORT, startIncidentWorld } from './support/incident-world.ts';
import { type MortalBot, startMortalBot } from './support/mortal-bot.ts';
import { type Deed, reckon, report } from './support/reckoning.ts';

const ROUNDS = IS_SHORT ? 1 : 6;
const TAKE_OVER_WITHIN_MS = 10_000;
const dice = rollDice();

let world: IncidentWorld;
let bots: MortalBot[];
beforeAll(async () => {
  world = await startIncidentWorld({ size: ROUNDS * 3, bots: 0 });
  const dir = process.env.SHIPMATE_CHAOS_LOGS ?? join(world.house.world.kubeconfig, '..');
  const ports = await freePorts(2);
  bots = await Promise.all(
    ports.map((port, index) =>
      startMortalBot({ ...world.house.world.env, HTTP_PORT: `${port}` }, join(dir, `replica-${index}.log`)),
    ),
  );
  await world.watched();
});
afterAll(async () => {
  await Promise.all((bots ?? []).map((bot) => bot.kill()));
  await world?.stop();
});

interface Claim {
  readonly owner: string;
}

/** Pids in the queue for the watch, the leader's first: as `etcdctl elect -l` tells. */
async function queue(): Promise<readonly number[]> {
  const claims = await world.store.list<Claim>('leaders/watch/demo/');
  const byAge = claims.toSorted((a, b) => Number(BigInt(a.revision) - BigInt(b.revision)));
  return byAge.map(({ value }) => Number(/-(\d+)-[^-]+$/.exec(value.owner)?.[1]));
}

/** Both live, one leads and the other stands by. */
async function bothStand(): Promise<{ leader: MortalBot; standby: MortalBot }> {
  await expect
    .poll(async () => (await queue()).toSorted(), { timeout: 60_000 })
    .toEqual(bots.map(({ pid }) => pid).toSorted());
  const [first] = await queue();
  const leader = bots.find(({ pid }) => pid === first) as MortalBot;
  return { leader, standby: bots.find((bot) => bot !== leader) as MortalBot };
}

describe('of two replicas', () => {
  test(`the leader killed ${ROUNDS} times is replaced within 10 s, and nothing is lost or told twice (seed ${dice.seed})`, async () => {
    const { fleet } = world;
    const spare = [...fleet.apps];
    const deeds: Deed[] = [];
    const breakNext = (): Deed => {
      const app = spare.shift() as string;
      const deed = { app, brokenAt: fleet.break(app) };
      deeds.push(deed);
      return deed;
    };
    const takeOvers: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { leader } = await bothStand();
      breakNext();
      await delay(dice.between(0, 1_500));
      const killedAt = Date.now();
      await leader.kill();
      const between = breakNext();
      await delay(dice.between(0, 3_000));
      breakNext();

      const found = async () => (await world.incidents()).find(({ root }) => root.name === between.app);
      await expect.poll(found, { timeout: 30_000, interval: 50 }).toBeDefined();
      takeOvers.push(((await found())?.openedAt ?? Infinity) - killedAt);
      leader.start();
      await leader.ready();
    }

    await expect.poll(async () => (await reckon(world, deeds)).lost, { timeout: 120_000, interval: 500 }).toEqual([]);
    await expect.poll(() => world.waiting(), { timeout: 60_000 }).toBe(0);
    const reckoning = await reckon(world, deeds);
    report('leader killed', reckoning, { killed: ROUNDS, takeOverMs: takeOvers, seed: dice.seed });
    expect(reckoning.duplicates).toEqual([]);
    expect(reckoning.outdated).toEqual([]);
    expect(Math.max(...takeOvers)).toBeLessThanOrEqual(TAKE_OVER_WITHIN_MS);
    const incidents = await world.incidents();
    for (const { app, brokenAt } of deeds)
      expect(incidents.find(({ root }) => root.name === app)?.startedAt, `the true start of ${app}`).toBe(brokenAt);
  }, 600_000);
});
