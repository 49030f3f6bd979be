import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Incident } from '../../src/incidents/incident.ts';
import { delay } from '../../src/time.ts';
import { rollDice } from './support/dice.ts';
import { AT_ONCE, type IncidentWorld, IS_SHORT, startIncidentWorld } from './support/incident-world.ts';
import { type MortalBot, startMortalBot } from './support/mortal-bot.ts';
import { type Deed, reckon, report } from './support/reckoning.ts';

const ROUNDS = IS_SHORT ? 4 : 20;
const LATEST_KILL_MS = IS_SHORT ? 2_000 : 5_000;
const LONGEST_ABSENCE_MS = IS_SHORT ? 1_000 : 4_000;
const HOLD_MS = IS_SHORT ? 5_000 : 10_000;
const alerts = { ...AT_ONCE, rules: { ...AT_ONCE.rules, P03: { hold: `${HOLD_MS}ms`, resolveAfter: '1s' } } };
const dice = rollDice();

let world: IncidentWorld;
let bot: MortalBot;
beforeAll(async () => {
  world = await startIncidentWorld({ size: ROUNDS * 2 + 1, bots: 0, alerts });
  const dir = process.env.SHIPMATE_CHAOS_LOGS ?? join(world.house.world.kubeconfig, '..');
  bot = await startMortalBot(world.house.world.env, join(dir, 'bot.log'));
  await world.watched();
});
afterAll(async () => {
  await bot?.kill();
  await world?.stop();
});

describe('the bot killed with SIGKILL', () => {
  test(`${ROUNDS} times around faults loses none and tells each once (seed ${dice.seed})`, async () => {
    const { fleet } = world;
    const deeds: Deed[] = [];
    const spare = [...fleet.apps];
    const breakNext = (): void => {
      const app = spare.shift() as string;
      deeds.push({ app, brokenAt: fleet.break(app) });
    };
    const overWhileAway: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await bot.ready();
      breakNext();
      await delay(dice.between(0, LATEST_KILL_MS));
      await bot.kill();

      // While nobody looks, something else breaks, and something that is known to be broken heals.
      const known = (await world.incidents()).filter(({ status }) => status === 'firing').map(({ root }) => root.name);
      const well = deeds.find(({ app, healedAt }) => healedAt === undefined && known.includes(app));
      breakNext();
      if (well) {
        fleet.heal(well.app);
        well.healedAt = Date.now();
        overWhileAway.push(well.app);
      }
      await delay(dice.between(0, LONGEST_ABSENCE_MS));
      bot.start();
    }

    await expect
      .poll(
        async () => {
          const { lost, outdated } = await reckon(world, deeds);
          return [...lost, ...outdated];
        },
        { timeout: 180_000, interval: 500 },
      )
      .toEqual([]);
    await expect.poll(() => world.waiting(), { timeout: 60_000 }).toBe(0);
    const reckoning = await reckon(world, deeds);
    report('kill -9', reckoning, { killed: ROUNDS, seed: dice.seed });
    expect(reckoning.duplicates.length, reckoning.duplicates.join('\n')).toBeLessThanOrEqual(1);

    const incidents = await world.incidents();
    for (const { app, brokenAt } of deeds) {
      expect(incidents.find(({ root }) => root.name === app)?.startedAt, `the true start of ${app}`).toBe(brokenAt);
    }
    for (const app of overWhileAway) {
      const over = incidents.find(({ root }) => root.name === app);
      expect(over?.resolution, app).toEqual({ how: 'while-away' });
    }
  }, 900_000);

  test('in the middle of a hold fires when the hold ends, not a hold after its return', async () => {
    await bot.ready();
    const app = world.fleet.apps.at(-1) as string;
    const begunAt = Date.now();
    world.fleet.starve(app);
    const held = async (): Promise<boolean> =>
      (await world.store.list('incidents/marks/demo/')).some(({ value }) => JSON.stringify(value).includes('P03'));
    await expect.poll(held, { timeout: 10_000 }).toBe(true);
    await bot.kill();
    bot.start();

    const found = async () => (await world.incidents()).find(({ root }) => root.name === app);
    await expect.poll(found, { timeout: 30_000 }).toBeDefined();
    const { detectedAt, openedAt } = (await found()) as Incident;
    console.log(
      `killed in a hold: fired ${detectedAt - begunAt} ms after the fault, recorded ${openedAt - begunAt} ms after`,
    );
    expect(detectedAt - begunAt).toBeGreaterThanOrEqual(HOLD_MS);
    expect(detectedAt - begunAt).toBeLessThan(HOLD_MS + 2_000);
    expect(openedAt).toBeGreaterThanOrEqual(detectedAt);
  }, 120_000);
});
