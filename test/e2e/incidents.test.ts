import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startStalledRelease } from '../../deploy/sandbox/story/settle-in.ts';
import { STALLED } from '../../deploy/sandbox/story/workloads.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { deploymentIn } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let ada: Actor;
let grace: Actor;
beforeAll(async () => {
  const alerts = { escalateTo: ['S0PLATFORM'], rules: { '*': { resolveAfter: '1s' }, P01: { hold: '2s' } } };
  house = await startBotWorld({ config: { alerts } });
  const slack = driveSlack(house.world.slack.controlUrl);
  [ada, grace] = [slack.person('ada'), slack.person('grace')];
  await startStalledRelease(house.cluster);
}, 60_000);
afterAll(() => house.stop());

const LONG = { withinMs: 60_000 };

describe('the seeded company', () => {
  test('has a stalled release: one message, rolled back from it, and seen to be over', async () => {
    const stall = await ada.sees('prod-alerts', /fraud-check.*rollout stalled/s, LONG);
    expect(stall.plain).toContain('cannot be pulled: not found');
    expect(stall.plain).toContain('2 of 2 old pods still serve');
    const other = (await ada.sawOnly('prod-alerts')).filter((text) => text.includes('fraud-check'));
    expect(other).toHaveLength(1);

    await ada.clicks(stall, 'Roll back fraud-check');
    // The payments team asked for four eyes, and an incident is no way around them.
    const card = await ada.sees('prod-alerts', /Needs confirmation/, { ...LONG, thread: stall });
    expect(card.plain).toContain('+ registry.example.com/payments/fraud-check:2.3.0');
    await ada.clicks(card, 'confirm', { confirmed: true });
    const asked = await grace.seesOn(card, /Needs approval/, LONG);
    await grace.clicks(asked, 'Approve: Roll back fraud-check', { confirmed: true });

    const over = await ada.seesOn(stall, /Resolved/, LONG);
    expect(over.plain).not.toContain('[Resolve]');
    const { spec } = await deploymentIn(house, STALLED.name, STALLED.namespace);
    expect(spec.template.spec.containers[0].image).toBe('registry.example.com/payments/fraud-check:2.3.0');
  });

  test('has a crash loop that Grace acks, with the last words of the container', async () => {
    const crash = await ada.sees('prod-alerts', /checkout.*crash loop/s, LONG);
    await vi.waitFor(async () => {
      const now = await ada.seesOn(crash, /checkout/, LONG);
      expect(now.plain).toMatch(/Last lines of checkout/);
    }, LONG.withinMs);

    await grace.clicks(crash, 'Ack');
    const acked = await ada.seesOn(crash, /Acked/, LONG);

    expect(acked.plain).toMatch(/grace/i);
    expect(acked.plain).not.toContain('[Ack]');
  });
});
