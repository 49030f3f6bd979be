import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Incident } from '../../src/incidents/incident.ts';
import { delay } from '../../src/time.ts';
import { AT_ONCE, type IncidentWorld, IS_SHORT, startIncidentWorld } from './support/incident-world.ts';
import { type Deed, reckon, report } from './support/reckoning.ts';

const DOWN_MS = IS_SHORT ? 5_000 : 60_000;
const EACH = IS_SHORT ? 2 : 3;
/** Kinds that are watched. */
const WATCHES = 17;

let world: IncidentWorld;
const deeds: Deed[] = [];
beforeAll(async () => {
  world = await startIncidentWorld({ size: 40, alerts: { ...AT_ONCE, storm: { incidents: 0, sharing: 1_000 } } });
  await world.watched();
});
afterEach(() => world.proxy.clear());
afterAll(() => world?.stop());

let next = 0;
function breakSome(): readonly Deed[] {
  const broken = world.fleet.apps
    .slice(next, next + EACH)
    .map((app): Deed => ({ app, brokenAt: world.fleet.break(app) }));
  next += EACH;
  deeds.push(...broken);
  return broken;
}

function heal(some: readonly Deed[]): void {
  for (const deed of some) {
    world.fleet.heal(deed.app);
    deed.healedAt = Date.now();
  }
}

async function allTold(withinMs = 60_000): Promise<void> {
  await expect
    .poll(
      async () => {
        const { lost, outdated } = await reckon(world, deeds);
        return [...lost, ...outdated];
      },
      { timeout: withinMs, interval: 200 },
    )
    .toEqual([]);
}

const of = (some: readonly Deed[]) => async (): Promise<readonly Incident[]> =>
  (await world.incidents()).filter(({ root }) => some.some(({ app }) => app === root.name));

/** Nothing ends and nothing new begins while nobody can look. */
async function holdsStill(ms: number, before: readonly Incident[]): Promise<void> {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    const now = (await world.incidents()).filter(({ domain }) => domain !== 'shipmate');
    expect(now.map(({ id, status }) => `${id} ${status}`).toSorted()).toEqual(
      before.map(({ id, status }) => `${id} ${status}`).toSorted(),
    );
    await delay(250);
  }
}

async function told(what: string, since: number): Promise<void> {
  await allTold();
  const reckoning = await reckon(world, deeds);
  report(what, reckoning, { tookMs: Date.now() - since });
  expect(reckoning.duplicates).toEqual([]);
}

describe('faults and recoveries are found when the API server', () => {
  test('is away, and meanwhile nothing is called over, while M01 says so', async () => {
    const before = breakSome();
    await allTold();
    const known = (await world.incidents()).filter(({ domain }) => domain !== 'shipmate');
    world.proxy.set({ fault: 'cut-before' });
    world.proxy.cutAll();
    const since = Date.now();
    breakSome();
    heal(before);

    await holdsStill(DOWN_MS, known);
    const blind = (await world.incidents()).filter(({ domain }) => domain === 'shipmate');
    expect(blind.map(({ status, cause }) => `${status} ${cause}`)).toEqual([
      expect.stringMatching(/^firing blind for /),
    ]);
    world.proxy.clear();

    await told('API server down', since + DOWN_MS);
    const isBlind = async () =>
      (await world.incidents()).some(({ domain, status }) => domain === 'shipmate' && status === 'firing');
    await expect.poll(isBlind, { timeout: 60_000 }).toBe(false);
    const [over] = await of(before)();
    expect(over?.resolvedAt ?? 0).toBeGreaterThan(since + DOWN_MS);
  }, 300_000);

  test('closes every watch with 410', async () => {
    const before = breakSome();
    await allTold();
    world.proxy.set({ path: /watch=(true|1)/, fault: 'gone', times: 30 });
    world.fleet.cluster.faults.compact();
    world.fleet.cluster.faults.endWatches({ isGone: true });
    const since = Date.now();
    breakSome();
    heal(before);

    await told('410', since);
  }, 120_000);

  test('answers 429 to everything for a while', async () => {
    const before = breakSome();
    await allTold();
    world.proxy.set({ fault: 'status', code: 429, retryAfterSeconds: 1, times: WATCHES });
    world.proxy.cutAll();
    const since = Date.now();
    breakSome();
    heal(before);

    await told('429', since);
  }, 120_000);

  // The silence of a watch is noticed after 75 s: too long for the short form.
  if (!IS_SHORT)
    test('keeps every connection open and says nothing more', async () => {
      const before = breakSome();
      await allTold();
      const struck = world.proxy.set({ path: /watch=(true|1)/, fault: 'half-open', times: WATCHES });
      world.proxy.cutAll();
      await expect.poll(() => struck.struck, { timeout: 30_000 }).toBe(WATCHES);
      const since = Date.now();
      breakSome();
      heal(before);

      await allTold(150_000);
      await told('half-open', since);
    }, 240_000);
});
