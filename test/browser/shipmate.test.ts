import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { findChromium, NO_CHROMIUM, startChromium } from './chromium.ts';
import { openTab, type Tab } from './tab.ts';

const chromium = findChromium();
if (chromium === undefined) console.warn(NO_CHROMIUM);

/** Slow enough that a rollout is seen under way. `sandbox.png` of this test is the README's picture (`docs/images/sandbox.png`). */
const SPEED = 0.5;

async function readyReplicas({ cluster }: BotWorld): Promise<number> {
  const resource = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true };
  const web = await cluster.request({ resource, namespace: 'shop', name: 'web' });
  return web.status?.availableReplicas ?? 0;
}

describe.skipIf(chromium === undefined)('Shipmate in the browser', () => {
  let company: BotWorld;
  let browser: Browser;
  let ada: Tab;
  let grace: Tab;

  beforeAll(async () => {
    [company, browser] = await Promise.all([startBotWorld({ speed: SPEED }), startChromium(chromium ?? '')]);
    await vi.waitUntil(async () => (await readyReplicas(company)) === 2, { timeout: 30_000, interval: 200 });
    const { url } = company.world.slack;
    ada = await openTab(browser, url, 'ada');
    grace = await openTab(browser, url, 'grace');
  });

  afterAll(async () => {
    await browser?.close();
    await company?.stop();
  });

  test('a scale typed in the page is confirmed, followed and done, before the eyes of the whole channel', async () => {
    await grace.types('The newsletter is out, and `web` is getting slow. @ada can you take it to 5?');
    await ada.message('The newsletter is out').waitFor();
    const linus = await openTab(browser, company.world.slack.url, 'linus', '#/prod-alerts');
    await linus.types('@ada the queue of payments is growing, too');
    await ada.page.getByRole('button', { name: 'prod-alerts, 1 unread' }).waitFor();
    await ada.page.setViewportSize({ width: 1280, height: 868 });
    await ada.types('On it :ship:');
    await ada.types('/k8s get pods -n shop -l app=web');
    await ada.message('Only visible to you').locator('pre').filter({ hasText: 'Running' }).waitFor();

    await ada.types('/k8s scale deploy/web 5 -n shop');
    const card = ada.message('/k8s scale deploy/web 5');
    await card.getByRole('button', { name: 'Scale web to 5' }).click();
    await ada.page.mouse.move(0, 0);
    await card.filter({ hasText: '▓' }).waitFor();
    await ada.picture('sandbox');

    await card.filter({ hasText: '5/5 ready' }).waitFor();
    await grace.message('/k8s scale deploy/web 5').filter({ hasText: '5/5 ready' }).waitFor();
    expect(await grace.message('Only visible to you').count()).toBe(0);
    await grace.picture('sandbox-done');
    expect([...ada.problems, ...grace.problems]).toEqual([]);
  });

  test('somebody else cannot confirm it, and is told so alone', async () => {
    await ada.types('/k8s scale deploy/web 2 -n shop');
    const card = grace.message('/k8s scale deploy/web 2');
    await card.getByRole('button', { name: 'Scale web to 2' }).click();

    await grace.message('Only visible to you').waitFor();
    await grace.picture('not-yours');
    await ada.message('/k8s scale deploy/web 2').getByRole('button', { name: 'Cancel' }).click();
    await ada.message('/k8s scale deploy/web 2').filter({ hasText: 'Cancelled' }).waitFor();
  });

  test('the Home tab says what Ada may do', async () => {
    await ada.goes('Shipmate');
    await ada.page.getByRole('tab', { name: 'Home' }).click();

    await ada.page.locator('.home').getByText('/k8s scale').first().waitFor();
    await ada.picture('shipmate-home');
  });
});
