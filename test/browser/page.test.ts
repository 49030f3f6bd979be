import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PracticeSlack, startPracticeSlack } from '../../deploy/sandbox/slack/server.ts';
import { companyWorld, TIPS } from '../../deploy/sandbox/story/company.ts';
import { findChromium, NO_CHROMIUM, startChromium } from './chromium.ts';
import { COMMANDS, type ScriptedBot, startScriptedBot } from './scripted-bot.ts';
import { openTab, sideways, type Tab } from './tab.ts';

const chromium = findChromium();
if (chromium === undefined) console.warn(NO_CHROMIUM);

const SCOPES = ['chat:write', 'commands', 'im:history', 'im:write', 'files:write', 'channels:history', 'users:read'];
const OPS = 'C0OPS';

describe.skipIf(chromium === undefined)('the page of the practice Slack', () => {
  let slack: PracticeSlack;
  let bot: ScriptedBot;
  let browser: Browser;
  let ada: Tab;
  let grace: Tab;

  beforeAll(async () => {
    slack = await startPracticeSlack({ port: 0, seed: { ...companyWorld(COMMANDS, SCOPES), tips: TIPS } });
    [bot, browser] = await Promise.all([startScriptedBot(slack), startChromium(chromium ?? '')]);
    ada = await openTab(browser, slack.url, 'ada');
    grace = await openTab(browser, slack.url, 'grace');
  });

  afterAll(async () => {
    await browser?.close();
    await bot?.stop();
    await slack?.stop();
  });

  test('output of a cluster is shown as it is, and nothing in it runs', async () => {
    await ada.types('/k8s get pods -n shop');

    const answer = ada.message('5 pods in shop');
    await answer.locator('pre').waitFor();
    expect(await answer.locator('pre').textContent()).toContain('<img src=x onerror=boom>');
    expect(await answer.locator('img').count()).toBe(0);
    await ada.picture('output');
  });

  test('a button with a confirm dialog asks first, then the message is edited in place for everybody', async () => {
    await ada.types('/k8s scale deploy/web 5 -n shop');
    const card = ada.message('Scale deployment/web to 5');
    await card.getByRole('button', { name: 'Scale web to 5' }).click();
    const dialog = ada.page.getByRole('dialog', { name: 'Scale web to 5?' });
    await dialog.waitFor();
    await ada.picture('confirm');
    await dialog.getByRole('button', { name: 'Not now' }).click();
    expect(await ada.message('Scale deployment/web to 5').count()).toBe(1);

    await card.getByRole('button', { name: 'Scale web to 5' }).click();
    await dialog.getByRole('button', { name: 'Scale', exact: true }).click();
    const running = ada.message('1/5 ready');
    await running.waitFor();
    const ts = (await running.getAttribute('data-ts')) ?? '';
    for (const done of [3, 5]) await bot.progress(OPS, ts, done);

    await ada.message('5/5 ready').waitFor();
    await grace.message('5/5 ready').waitFor();
    expect(await ada.page.locator(`[data-ts="${ts}"]`).count()).toBe(1);
    expect(await ada.page.locator(`[data-ts="${ts}"]`).textContent()).toContain('(edited)');
    await grace.picture('edited');
  });

  test('an ephemeral answer is seen by the person who asked and by nobody else', async () => {
    await ada.types('/shipmate status');

    const answer = ada.message('All three systems are well.');
    await answer.waitFor();
    expect(await answer.textContent()).toContain('Only visible to you');
    // A later public message has arrived at the other tab, so the ephemeral one would have, too.
    await bot.says(OPS, 'a word to everybody');
    await grace.message('a word to everybody').waitFor();
    expect(await grace.message('All three systems').count()).toBe(0);
  });

  test('a modal shows the error under its field, keeps what was typed, and closes when all is well', async () => {
    await ada.types('/reboot worker-3');
    const modal = ada.page.getByRole('dialog', { name: 'Request a reboot' });
    const reason = modal.getByRole('textbox', { name: 'Reason' });
    await reason.fill('why not');
    await modal.getByRole('button', { name: 'Request', exact: true }).click();
    await modal.getByText('Say why, in at least ten characters.').waitFor();
    expect(await reason.inputValue()).toBe('why not');
    expect(await reason.getAttribute('aria-invalid')).toBe('true');
    await ada.picture('modal-error');
    expect(await grace.page.getByRole('dialog').count()).toBe(0);

    await modal.getByText('Choose one').click();
    await ada.page.getByRole('option', { name: /Grace Hopper/ }).click();
    await reason.fill('a new kernel with the fix for CVE-2026-1');
    await modal.getByRole('button', { name: 'Request', exact: true }).click();

    await modal.waitFor({ state: 'detached' });
    await grace.message('Reboot of worker-3 asked for by @Ada Lovelace').waitFor();
  });

  test('a thread opens beside the channel, and both people see its replies', async () => {
    const ts = await bot.says(OPS, 'The rollout of cart is stalled');
    await bot.says(OPS, 'ImagePullBackOff since 14:02', ts);
    await ada.message('The rollout of cart is stalled').getByText('1 reply').click();
    await ada.thread('ImagePullBackOff').waitFor();

    await ada.replies('I look at the registry');
    await ada.thread('I look at the registry').waitFor();
    await grace.message('The rollout of cart is stalled').getByText('2 replies').click();
    await grace.thread('I look at the registry').waitFor();

    expect(
      await grace.page.locator('.conversation .message').filter({ hasText: 'I look at the registry' }).count(),
    ).toBe(0);
    await ada.picture('thread');
    await ada.page.getByRole('button', { name: 'Close the thread' }).click();
  });

  test('the composer completes commands, remembers what was sent, and says when Slack refuses', async () => {
    const field = ada.page.getByRole('textbox', { name: 'Message', exact: true });
    await field.pressSequentially('/k');
    await ada.page.getByRole('option', { name: /\/k8s/ }).waitFor();
    await ada.picture('completion');
    await field.press('Tab');
    expect(await field.inputValue()).toBe('/k8s ');

    await field.fill('/nonsense');
    await field.press('Enter');
    await ada.page.getByRole('alert').filter({ hasText: '/nonsense' }).waitFor();
    expect(await field.inputValue()).toBe('/nonsense');

    await field.fill('');
    await field.press('ArrowUp');
    expect(await field.inputValue()).toBe('/nonsense');
    await field.fill('first');
    await field.press('Shift+Enter');
    await field.pressSequentially('*second* <b>third</b>');
    await field.press('Enter');
    const said = grace.message(/first\s*second <b>third<\/b>/);
    await said.waitFor();
    expect(await said.locator('strong').textContent()).toBe('second');
  });

  test('a tip puts its words into the composer and does not send them', async () => {
    await ada.page.getByRole('group', { name: 'Things to try' }).getByRole('button', { name: TIPS[0] }).click();

    const field = ada.page.getByRole('textbox', { name: 'Message', exact: true });
    expect(await field.inputValue()).toBe(TIPS[0]);
    await field.fill('');
  });

  test('a message elsewhere is counted until its channel is opened, and Home is what the app published', async () => {
    await bot.says('C0ALERTS', 'Hello <@U0ADA>, cart is in a crash loop');
    await ada.page.getByRole('button', { name: 'prod-alerts, 1 unread' }).waitFor();
    await ada.goes('prod-alerts');
    await ada.message('cart is in a crash loop').waitFor();
    await ada.page.getByRole('button', { name: 'prod-alerts', exact: true }).waitFor();

    await ada.goes('Shipmate');
    await ada.page.getByRole('tab', { name: 'Home' }).click();
    await ada.page.getByText('All clusters are calm.').waitFor();
    await ada.picture('home');
    await ada.page.getByRole('tab', { name: 'Messages' }).click();
    await ada.types('hello there');
    await ada.message('hello there').waitFor();
    await ada.goes('ops');
  });

  test('a phone has everything within its width: channel, drawer, thread, modal', async () => {
    await ada.page.setViewportSize({ width: 390, height: 844 });
    await ada.message('The rollout of cart is stalled').waitFor();
    await ada.picture('phone');
    expect(await sideways(ada.page)).toBe(0);

    await ada.page.getByRole('button', { name: 'Channels' }).click();
    await ada.page.getByRole('button', { name: 'approvals' }).waitFor();
    await ada.picture('phone-drawer');
    await ada.goes('ops');
    await ada.message('The rollout of cart is stalled').getByText('2 replies').click();
    await ada.thread('I look at the registry').waitFor();
    expect(await sideways(ada.page)).toBe(0);
    await ada.page.getByRole('button', { name: 'Close the thread' }).click();
    await ada.types('/reboot worker-3');
    const modal = ada.page.getByRole('dialog', { name: 'Request a reboot' });
    await modal.waitFor();
    await ada.picture('phone-modal');
    expect((await modal.boundingBox())?.width).toBe(390);
    expect(await sideways(ada.page)).toBe(0);
    await ada.page.keyboard.press('Escape');
    await ada.page.keyboard.press('Escape');
    await modal.waitFor({ state: 'hidden' });
    const openModals = async (): Promise<unknown> => {
      const answer = await fetch(`${slack.controlUrl}/as/ada/views`);
      return ((await answer.json()) as { modals: unknown }).modals;
    };
    await expect.poll(openModals).toEqual([]);
  });

  test('after a reload the tab is the same person at the same place', async () => {
    await ada.page.setViewportSize({ width: 1280, height: 860 });
    await ada.goes('prod-alerts');
    await ada.page.emulateMedia({ colorScheme: 'dark' });
    await ada.page.reload();

    await ada.message('cart is in a crash loop').waitFor();
    await ada.page.getByRole('button', { name: /You are Ada Lovelace/ }).waitFor();
    await ada.picture('dark');
    expect([...ada.problems, ...grace.problems]).toEqual([]);
  });
});
