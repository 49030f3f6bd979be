import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { delay } from '../../src/time.ts';
import { type IncidentWorld, IS_SHORT, incidentIn, startIncidentWorld } from './support/incident-world.ts';
import { type Deed, reckon, report } from './support/reckoning.ts';
import { flushAll } from './support/redis.ts';

const AWAY_MS = IS_SHORT ? 4_000 : 10_000;
/** How many break before, and how many during an outage; half of the first heal in it. */
const EACH = IS_SHORT ? 2 : 8;

let world: IncidentWorld;
const deeds: Deed[] = [];
beforeAll(async () => {
  world = await startIncidentWorld({ size: EACH * 2 * 3 });
  await world.watched();
});
afterAll(() => world?.stop());

let next = 0;
function breakNext(): Deed {
  const app = world.fleet.apps[next++] as string;
  const deed = { app, brokenAt: world.fleet.break(app) };
  deeds.push(deed);
  return deed;
}

/** Faults come all the time: some just before it begins, some in the middle, and some heal. */
async function stormAround(begin: () => Promise<void> | void, end: () => Promise<void> | void): Promise<number> {
  const early: Deed[] = [];
  for (let count = 0; count < EACH; count++) {
    early.push(breakNext());
    await delay(40);
  }
  await begin();
  for (let count = 0; count < EACH; count++) {
    await delay(AWAY_MS / EACH);
    breakNext();
    const well = count % 2 === 0 ? early[count] : undefined;
    if (!well) continue;
    world.fleet.heal(well.app);
    well.healedAt = Date.now();
  }
  await end();
  return Date.now();
}

async function settled(what: string, since: number): Promise<void> {
  const recorded = async (): Promise<number> => (await reckon(world, deeds)).recorded;
  await expect.poll(() => recorded().catch(() => 0), { timeout: 60_000, interval: 100 }).toBe(deeds.length);
  const recordedAfterMs = Date.now() - since;
  await expect
    .poll(
      async () => {
        const { lost, outdated } = await reckon(world, deeds);
        return [...lost, ...outdated];
      },
      { timeout: 120_000, interval: 250 },
    )
    .toEqual([]);
  await expect.poll(() => world.waiting(), { timeout: 60_000 }).toBe(0);
  const reckoning = await reckon(world, deeds);
  report(what, reckoning, { recordedAfterMs });
  expect(reckoning.duplicates).toEqual([]);
}

describe('faults and recoveries are recorded and told once', () => {
  test(`when etcd is frozen for ${AWAY_MS / 1_000} s among them`, async () => {
    const { etcd } = world.house.world;

    const since = await stormAround(
      () => etcd.pause(),
      () => etcd.resume(),
    );

    await settled('etcd frozen', since);
  }, 300_000);

  test('when etcd is killed among them and started again', async () => {
    const { etcd } = world.house.world;

    const since = await stormAround(
      () => etcd.kill(),
      () => etcd.restart(),
    );

    await settled('etcd killed', since);
  }, 300_000);

  test('when Redis is killed, started again and emptied; buttons work as before', async () => {
    const { redis } = world.house.world;

    const since = await stormAround(
      () => redis.kill(),
      async () => {
        await redis.restart();
        await flushAll(redis.url);
      },
    );

    await settled('Redis emptied', since);
    const open = deeds.find(({ healedAt }) => healedAt === undefined) as Deed;
    const incident = (await world.incidents()).find(({ root }) => root.name === open.app);
    const message = (await world.messages()).find(({ metadata }) => incidentIn(metadata) === incident?.id);
    if (!message) throw new Error(`no message about ${open.app}`);
    await expect
      .poll(async () => (await world.ada.clicks(message, 'Ack')).acknowledged, { timeout: 30_000 })
      .toBe(true);
    await world.ada.seesOn(message, /Acked/, { withinMs: 30_000 });
  }, 300_000);
});
