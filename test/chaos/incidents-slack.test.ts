import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallFault } from '../../deploy/sandbox/slack/protocol.ts';
import { delay } from '../../src/time.ts';
import { AT_ONCE, type IncidentWorld, IS_SHORT, incidentIn, startIncidentWorld } from './support/incident-world.ts';
import { relapses } from './support/order.ts';
import { type Deed, reckon, report } from './support/reckoning.ts';
import { type Sink, startSink } from './support/sink.ts';

/** How Slack fails, and for how long, one after the other. */
const OUTAGES: readonly { readonly name: string; readonly fault: CallFault; readonly ms: number }[] = [
  { name: '429', fault: { method: '*', status: 429, retryAfterSeconds: 2 }, ms: IS_SHORT ? 4_000 : 30_000 },
  { name: '500', fault: { method: '*', status: 500 }, ms: IS_SHORT ? 4_000 : 30_000 },
  // Answers nothing for longer than anybody waits, and then refuses.
  { name: 'hangs', fault: { method: '*', status: 503, hangMs: 30_000 }, ms: IS_SHORT ? 7_000 : 120_000 },
];
const EACH = IS_SHORT ? 3 : 10;
const PATIENCE = IS_SHORT ? '3s' : '1m';

let dir: string;
let sink: Sink;
let world: IncidentWorld;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shipmate-slack-down-'));
  const keyFile = join(dir, 'key');
  await writeFile(keyFile, 'a secret that signs');
  sink = await startSink();
  const m02 = { settings: { oldest: PATIENCE }, hold: PATIENCE, resolveAfter: '1s' };
  world = await startIncidentWorld({
    size: OUTAGES.length * EACH,
    bots: 2,
    alerts: { ...AT_ONCE, rules: { ...AT_ONCE.rules, M02: m02 } },
    bridges: { out: [{ name: 'pager', kind: 'webhook', url: sink.url, keyFile, fallback: true }] },
  });
  await world.watched();
});
afterAll(async () => {
  await world?.stop();
  await sink?.stop();
  await rm(dir, { recursive: true, force: true });
});

describe('while Slack fails', () => {
  test('incidents that open and end are told when it is back, in order, and the fallback is told meanwhile', async () => {
    const { fleet, slack } = world;
    const spare = [...fleet.apps];
    const deeds: Deed[] = [];
    for (const { fault, ms } of OUTAGES) {
      await slack.breaks({ calls: [fault] });
      const endsAt = Date.now() + ms;
      const mine = spare.splice(0, EACH).map((app): Deed => ({ app, brokenAt: fleet.break(app) }));
      deeds.push(...mine);
      await delay(ms / 2);
      for (const deed of mine.filter((_, index) => index % 2 === 1)) {
        fleet.heal(deed.app);
        deed.healedAt = Date.now();
      }
      await delay(endsAt - Date.now());
      await slack.repairs();
    }
    const backAt = Date.now();
    const heardMeanwhile = sink.told.filter(({ answer }) => answer === 202);

    await expect
      .poll(
        async () => {
          const { lost, outdated } = await reckon(world, deeds);
          return [...lost, ...outdated];
        },
        { timeout: 240_000, interval: 500 },
      )
      .toEqual([]);
    await expect.poll(() => world.waiting(), { timeout: 120_000 }).toBe(0);
    const reckoning = await reckon(world, deeds);
    // M02 may come and go while the backlog drains.
    const broken = deeds.map(({ app }) => app);
    const ids = (await world.incidents()).filter(({ root }) => broken.includes(root.name)).map(({ id }) => id);
    const living = (await world.messages()).filter(({ metadata }) => ids.includes(incidentIn(metadata)));
    const disorder = relapses(await slack.calls(), living);
    expect(living).toHaveLength(deeds.length);
    report('Slack down', reckoning, {
      relapses: disorder.length,
      drainedAfterMs: Date.now() - backAt,
      fallbackHeard: heardMeanwhile.length,
    });
    expect(reckoning.duplicates).toEqual([]);
    expect(disorder).toEqual([]);
    const rules = new Set(heardMeanwhile.flatMap(({ data }) => data.rules));
    expect([...rules]).toContain('M02');
    expect([...rules]).toContain('P01');
  }, 900_000);
});
