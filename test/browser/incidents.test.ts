import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startStalledRelease } from '../../deploy/sandbox/story/settle-in.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { findChromium, NO_CHROMIUM, startChromium } from './chromium.ts';
import { openTab, sideways, type Tab } from './tab.ts';

const chromium = findChromium();
if (chromium === undefined) console.warn(NO_CHROMIUM);

const ALERTS = '#/prod-alerts';
const PHONE = { width: 390, height: 844 };
const [RED, AMBER, GREY, GREEN] = ['rgb(212, 14, 13)', 'rgb(232, 163, 61)', 'rgb(142, 142, 147)', 'rgb(46, 182, 125)'];
const CRASH = 'shop/deployment/checkout';
const STALL = 'payments/deployment/fraud-check';

/** The colour of the bar beside a message, as the browser draws it. */
function bar(message: Locator): Promise<string> {
  return message.locator('.attachment').evaluate((node) => {
    const page = globalThis as unknown as { getComputedStyle(of: unknown): { borderLeftColor: string } };
    return page.getComputedStyle(node).borderLeftColor;
  });
}

/** Both seeded faults in Chromium: seen, taken, put off, rolled back by two people, and over. */
describe.skipIf(chromium === undefined)('incidents in the browser', () => {
  let company: BotWorld;
  let browser: Browser;
  let ada: Tab;
  let grace: Tab;

  beforeAll(async () => {
    const alerts = { escalateTo: ['S0PLATFORM'], rules: { '*': { resolveAfter: '1s' }, P01: { hold: '2s' } } };
    [company, browser] = await Promise.all([startBotWorld({ config: { alerts } }), startChromium(chromium ?? '')]);
    await startStalledRelease(company.cluster);
    const { url } = company.world.slack;
    [ada, grace] = await Promise.all([openTab(browser, url, 'ada', ALERTS), openTab(browser, url, 'grace', ALERTS)]);
    await Promise.all([STALL, CRASH].map((name) => living(ada, name).waitFor()));
  });

  afterAll(async () => {
    await browser?.close();
    await company?.stop();
  });

  /** The living message of a workload: the one with its headline, not what is said about it beside. */
  const living = (tab: Tab, name: string): Locator => tab.message(new RegExp(`· demo · ${name} ·`));

  test('what is wrong stands in the channel in red, with what to press', async () => {
    const stall = living(ada, STALL);
    await stall.filter({ hasText: 'old pods still serve' }).waitFor();

    expect(await bar(stall)).toBe(RED);
    for (const name of ['Ack', 'Snooze', 'Roll back fraud-check', 'Resolve', 'More'])
      expect(await stall.getByRole('button', { name, exact: true }).count(), name).toBe(1);
    await ada.picture('incidents');
  });

  test('Ack is one press, and everybody sees who has it', async () => {
    const crash = living(ada, CRASH);
    await crash.getByRole('button', { name: 'Ack', exact: true }).click();

    const seen = living(grace, CRASH).filter({ hasText: 'is on it' });
    await seen.filter({ hasText: 'Ada Lovelace' }).waitFor();
    expect(await seen.getByRole('button', { name: 'Ack', exact: true }).count()).toBe(0);
    expect(await bar(seen)).toBe(AMBER);
    await grace.picture('incident-acked');
  });

  test('a choice of the menu puts it off until then, also on a phone', async () => {
    await ada.page.setViewportSize(PHONE);
    const crash = living(ada, CRASH);
    const asleep = crash.filter({ hasText: 'snoozed by' });
    const open = () => crash.getByRole('button', { name: 'Snooze', exact: true }).click();
    // It restarts fast here: an edit may take the list away under the finger.
    await vi.waitFor(async () => {
      await open();
      await ada.page.getByRole('option', { name: 'For 2 hours' }).click({ timeout: 2_000 });
      await asleep.waitFor({ timeout: 2_000 });
    }, 20_000);
    expect(await bar(asleep)).toBe(GREY);
    expect(await sideways(ada.page)).toBe(0);
    await asleep.scrollIntoViewIfNeeded();
    await ada.picture('incident-phone');
    await open();
    await ada.picture('incident-phone-snooze');
    await ada.page.keyboard.press('Escape');
    await ada.page.setViewportSize({ width: 1280, height: 860 });
  });

  test('a stalled release is rolled back by two people, and its message turns green and has no buttons', async () => {
    await living(ada, STALL).getByRole('button', { name: 'Roll back fraud-check', exact: true }).click();
    await living(ada, STALL).locator('.replies').click();
    const card = ada.thread('/k8s rollout undo');
    await card.getByRole('button', { name: 'Roll back fraud-check', exact: true }).click();
    await card.filter({ hasText: 'Needs approval' }).waitFor();
    await ada.picture('incident-rollback');

    await living(grace, STALL).locator('.replies').click();
    const asked = grace.thread('/k8s rollout undo');
    await asked.getByRole('button', { name: 'Approve: Roll back fraud-check' }).click();
    const dialog = grace.page.getByRole('dialog');
    if (await dialog.isVisible()) await dialog.getByRole('button').last().click();

    const over = living(grace, STALL).filter({ hasText: 'Resolved' });
    await over.waitFor();
    expect(await bar(over)).toBe(GREEN);
    expect(await over.locator('.block-actions').count()).toBe(0);
    await grace.picture('incident-resolved');
    expect([...ada.problems, ...grace.problems]).toEqual([]);
  });
});
