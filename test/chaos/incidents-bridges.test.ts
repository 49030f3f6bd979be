import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { delay } from '../../src/time.ts';
import { rollDice } from './support/dice.ts';
import { type IncidentWorld, IS_SHORT, startIncidentWorld } from './support/incident-world.ts';
import { type MortalBot, startMortalBot } from './support/mortal-bot.ts';
import { type Deed, reckon } from './support/reckoning.ts';
import { type Sink, startSink, type Told } from './support/sink.ts';

const EACH = IS_SHORT ? 4 : 12;
const DOWN_MS = IS_SHORT ? 4_000 : 30_000;
const KILLS = IS_SHORT ? 2 : 8;
const dice = rollDice();

let dir: string;
let sink: Sink;
let world: IncidentWorld;
let bot: MortalBot;
const deeds: Deed[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shipmate-bridges-'));
  const keyFile = join(dir, 'key');
  await writeFile(keyFile, 'a secret that signs');
  sink = await startSink();
  world = await startIncidentWorld({
    size: EACH * 3 + KILLS * 2,
    bots: 0,
    bridges: { out: [{ name: 'sink', kind: 'webhook', url: sink.url, keyFile }] },
  });
  const logs = process.env.SHIPMATE_CHAOS_LOGS ?? dir;
  bot = await startMortalBot(world.house.world.env, join(logs, 'bridges.log'));
  await world.watched();
});
afterAll(async () => {
  await bot?.kill();
  await world?.stop();
  await sink?.stop();
  await rm(dir, { recursive: true, force: true });
});

let next = 0;
function breakNext(): Deed {
  const app = world.fleet.apps[next++] as string;
  const deed = { app, brokenAt: world.fleet.break(app) };
  deeds.push(deed);
  return deed;
}

function heal(deed: Deed): void {
  world.fleet.heal(deed.app);
  deed.healedAt = Date.now();
}

/** What the sink took, by app, in order. */
function taken(): Map<string, readonly Told[]> {
  const good = sink.told.filter(({ answer }) => answer === 202);
  return Map.groupBy(good, ({ data }) => data.object.replace('deployment/', ''));
}

/** Apps whose last word at the sink is not what is true. */
function behind(): readonly string[] {
  const words = taken();
  return deeds
    .filter(({ app, healedAt }) => words.get(app)?.at(-1)?.data.status !== (healedAt ? 'resolved' : 'firing'))
    .map(({ app }) => app);
}

/** Apps of which the sink heard an end before the beginning, or a beginning after the end. */
function disorderly(): readonly string[] {
  return [...taken()].filter(([, told]) => !isInOrder(told)).map(([app]) => app);
}

function isInOrder(told: readonly Told[]): boolean {
  const first = told.filter(({ id }, index) => told.findIndex((other) => other.id === id) === index);
  return ['firing', 'firing resolved'].includes(first.map(({ data }) => data.status).join(' '));
}

/** The same news under two names: a receiver would take it twice. */
function renamed(): readonly string[] {
  const names = Map.groupBy(sink.told, ({ data }) => `${data.object} ${data.dedupKey} ${data.status}`);
  return [...names].filter(([, told]) => new Set(told.map(({ id }) => id)).size > 1).map(([news]) => news);
}

async function caughtUp(what: string): Promise<void> {
  await expect.poll(behind, { timeout: 180_000, interval: 200 }).toEqual([]);
  const again = [...taken().values()].flat().length - new Set(sink.told.map(({ id }) => id)).size;
  const dead = await world.store.list('relay/dead/');
  const attempts = sink.told.length;
  console.log(
    `${what}: ${JSON.stringify({ faults: deeds.length, attempts, repeated: Math.max(0, again), dead: dead.length })}`,
  );
  expect(disorderly()).toEqual([]);
  expect(renamed()).toEqual([]);
}

describe('another system is told everything, in order', () => {
  test('after it has answered 500 and hung for a while', async () => {
    sink.answers(500);
    const failed = Array.from({ length: EACH }, breakNext);
    await delay(DOWN_MS / 2);
    for (const deed of failed.slice(0, EACH / 2)) heal(deed);
    sink.answers('hung');
    const hung = Array.from({ length: EACH }, breakNext);
    await delay(DOWN_MS / 2);
    for (const deed of hung.slice(0, EACH / 2)) heal(deed);
    await expect.poll(async () => (await reckon(world, deeds)).recorded, { timeout: 30_000 }).toBe(deeds.length);
    sink.answers(202);

    await caughtUp('sink down');
    expect(await world.store.list('relay/dead/')).toEqual([]);
  }, 400_000);

  test(`when the bot is killed ${KILLS} times among deliveries: at least once, each time under the same id (seed ${dice.seed})`, async () => {
    // It takes a while to answer, so that many kills fall between its taking and our noting it.
    sink.answers(202, 300);
    for (let round = 0; round < KILLS; round++) {
      await bot.ready();
      const deed = breakNext();
      await expect
        .poll(() => sink.told.some(({ data }) => data.object.endsWith(deed.app)), { timeout: 30_000 })
        .toBe(true);
      await delay(dice.between(0, 400));
      await bot.kill();
      if (round % 2 === 0) heal(deed);
      breakNext();
      bot.start();
    }

    await caughtUp('killed among deliveries');
    expect(await world.store.list('relay/dead/')).toEqual([]);
  }, 400_000);

  test('but for what it refuses for good, which is kept as dead letters', async () => {
    await bot.ready();
    const refused = breakNext();
    sink.answers(({ data }) => (data.object.endsWith(refused.app) ? 400 : 202));
    const others = Array.from({ length: EACH - 1 }, breakNext);

    const dead = async () =>
      (await world.store.list<{ error: string }>('relay/dead/sink/')).map(({ value }) => value.error);
    await expect.poll(dead, { timeout: 60_000 }).toEqual([expect.stringContaining('400')]);
    await expect
      .poll(() => others.filter(({ app }) => !taken().has(app)).map(({ app }) => app), { timeout: 60_000 })
      .toEqual([]);
    deeds.splice(deeds.indexOf(refused), 1);
    await caughtUp('refused');
  }, 200_000);
});
