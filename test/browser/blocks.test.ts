import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PracticeSlack, startPracticeSlack } from '../../deploy/sandbox/slack/server.ts';
import { companyWorld } from '../../deploy/sandbox/story/company.ts';
import { findChromium, NO_CHROMIUM, startChromium } from './chromium.ts';
import { openTab, type Tab } from './tab.ts';

const chromium = findChromium();
if (chromium === undefined) console.warn(NO_CHROMIUM);

const OPS = 'C0OPS';
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const raw = (text: string) => ({ type: 'raw_text', text });
const option = (text: string) => ({ text: plain(text), value: text });

describe.skipIf(chromium === undefined)('what the page draws', () => {
  let slack: PracticeSlack;
  let browser: Browser;
  let ada: Tab;

  beforeAll(async () => {
    slack = await startPracticeSlack({ port: 0, seed: companyWorld([], ['chat:write', 'files:write']) });
    browser = await startChromium(chromium ?? '');
    await fetch(`${slack.controlUrl}/settings`, { method: 'POST', body: JSON.stringify({ postLimit: false }) });
    ada = await openTab(browser, slack.url, 'ada');
  });

  afterAll(async () => {
    await browser?.close();
    await slack?.stop();
  });

  async function call(method: string, args: Record<string, unknown>): Promise<Record<string, string>> {
    const response = await fetch(`${slack.apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.world.app.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(args),
    });
    const answer = (await response.json()) as Record<string, string>;
    expect(answer, method).toMatchObject({ ok: true });
    return answer;
  }

  /** Posts as the bot and answers with the message as Ada's tab shows it. */
  async function shows(blocks: unknown[] | undefined, text = 'blocks'): Promise<Locator> {
    const { ts } = await call('chat.postMessage', { channel: OPS, text, ...(blocks && { blocks }) });
    const message = ada.page.locator(`[data-ts="${ts}"]`);
    await message.waitFor();
    return message;
  }

  test('hostile text stays text: no element, no script address, no forged mention', async () => {
    const hostile = '<img src=x onerror=alert(1)><script>alert(1)</script>';
    const escaped = hostile.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const message = await shows([
      {
        type: 'section',
        text: mrkdwn(`${escaped} <javascript:alert(1)|click> <https://ok.example/?a=1&amp;b=2|fine>`),
      },
      { type: 'section', text: plain(hostile), fields: [plain('<!channel>'), plain('<@U0ADA>')] },
      { type: 'markdown', text: `${hostile} [click](javascript:alert) **${hostile}**` },
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '``` <!here> </pre>' }] },
          { type: 'rich_text_section', elements: [{ type: 'text', text: '*not bold* <@U0ADA> :ship:' }] },
        ],
      },
    ]);

    expect(await message.locator('img, script, strong:text("not bold"), .mention').count()).toBe(0);
    expect(await message.locator('pre').textContent()).toBe('``` <!here> </pre>');
    const links = await message.locator('a').all();
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual(['https://ok.example/?a=1&b=2']);
    expect(await links[0]?.getAttribute('rel')).toContain('noopener');
    expect(ada.problems).toEqual([]);
  });

  test('mrkdwn is read as Slack reads it', async () => {
    const message = await shows(
      undefined,
      '*bold* _it_ ~gone~ `co*de*` snake_case_name 2*3*4 <@U0GRACE> <#C0ALERTS>\n> quoted\n:tada:',
    );

    expect(await message.locator('strong').allTextContents()).toEqual(['bold']);
    expect(await message.locator('em').allTextContents()).toEqual(['it']);
    expect(await message.locator('s').allTextContents()).toEqual(['gone']);
    expect(await message.locator('code').allTextContents()).toEqual(['co*de*']);
    expect(await message.locator('.mention').allTextContents()).toEqual(['@Grace Hopper', '#prod-alerts']);
    expect(await message.locator('blockquote').textContent()).toBe('quoted');
    expect(await message.locator('.text').textContent()).toContain('snake_case_name 2*3*4');
    expect(await message.locator('.text').textContent()).toContain('🎉');
  });

  test('a data table is sorted, filtered and turned in the reader’s own tab', async () => {
    const nodes = [9, 10, 1, 30, 2, 7].map((cpu, index) => [
      raw(`node-${index}`),
      { type: 'raw_number', value: cpu, text: `${cpu}%` },
    ]);
    const message = await shows([
      { type: 'data_table', caption: 'Nodes', page_size: 3, rows: [[raw('Node'), raw('CPU')], ...nodes] },
    ]);
    const first = message.locator('tbody tr').first();

    expect(await message.locator('tbody tr').count()).toBe(3);
    await message.getByRole('button', { name: 'CPU' }).click();
    expect(await first.textContent()).toContain('1%');
    await message.getByRole('button', { name: 'CPU' }).click();
    expect(await first.textContent()).toContain('30%');
    await message.getByRole('button', { name: 'Next' }).click();
    expect(await message.locator('.pager-place').textContent()).toBe('4–6 of 6');
    await message.getByRole('searchbox', { name: 'Filter Nodes' }).fill('node-4');
    expect(await message.locator('tbody tr').allTextContents()).toEqual(['node-42%']);
  });

  test('no block or element that Slack takes is left undrawn', async () => {
    const message = await shows([
      { type: 'header', text: plain('Header') },
      {
        type: 'section',
        text: mrkdwn('more'),
        accessory: { type: 'overflow', action_id: 'o', options: [option('One'), option('Two')] },
      },
      { type: 'divider' },
      { type: 'context', elements: [mrkdwn('small'), plain('print')] },
      {
        type: 'table',
        rows: [
          [raw('Name'), raw('Ready')],
          [raw('web'), raw('5/5')],
        ],
      },
      { type: 'alert', level: 'warning', text: plain('Held by the autoscaler') },
      {
        type: 'actions',
        elements: [
          { type: 'button', action_id: 'b', text: plain('Go'), style: 'danger' },
          {
            type: 'static_select',
            action_id: 's',
            placeholder: plain('Snooze'),
            options: [option('15m'), option('1h')],
          },
          { type: 'datepicker', action_id: 'd' },
          { type: 'checkboxes', action_id: 'c', options: [option('drain')] },
          { type: 'radio_buttons', action_id: 'r', options: [option('now'), option('later')] },
        ],
      },
    ]);

    expect(await message.locator('.unknown-block').count()).toBe(0);
    await message.getByRole('button', { name: 'Snooze' }).click();
    await ada.page.keyboard.press('ArrowDown');
    await ada.picture('select');
    await ada.page.keyboard.press('Enter');
    // No bot is connected: the person is told, as Slack does, and nothing hangs.
    await ada.page.getByRole('alert').filter({ hasText: 'not responding' }).waitFor();
    expect(await message.getByRole('button', { name: 'Snooze' }).count()).toBe(0);
    await message.getByRole('button', { name: 'More actions' }).click();
    await ada.page.keyboard.press('Escape');
    expect(await ada.page.getByRole('listbox').count()).toBe(0);
  });

  test('a long text file shows its beginning, and all of it on demand', async () => {
    const content = Array.from({ length: 400 }, (_, line) => `line ${line}`).join('\n');
    const query = new URLSearchParams({ filename: 'get-pods.txt', length: String(content.length) });
    const { upload_url, file_id } = await call(`files.getUploadURLExternal?${query}`, {});
    await fetch(upload_url ?? '', { method: 'POST', body: content });
    await call('files.completeUploadExternal', { files: [{ id: file_id, title: 'get-pods.txt' }], channel_id: OPS });

    const file = ada.page.locator('.file').filter({ hasText: 'get-pods.txt' });
    await file.waitFor();
    expect(await file.locator('pre').textContent()).not.toContain('line 399');
    await file.getByRole('button', { name: 'Show all' }).click();
    await file.locator('pre.whole').waitFor();
    expect(await file.locator('pre').textContent()).toBe(content);
  });

  test('messages are reached by arrow keys, and from there their thread', async () => {
    await shows(undefined, 'the last word');
    await ada.page.locator('.conversation .timeline .scroller').focus();
    await ada.page.keyboard.press('ArrowUp');
    expect(await ada.page.locator(':focus').textContent()).toContain('the last word');

    await ada.page.locator(':focus').getByRole('button', { name: 'Reply in thread' }).press('Enter');
    await ada.replies('and one more');
    await ada.thread('and one more').waitFor();
    await ada.page.keyboard.press('Escape');
    await ada.page.locator('.thread').waitFor({ state: 'hidden' });
  });
});
