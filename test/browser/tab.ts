import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { PICTURES, WINDOW } from './chromium.ts';

/** One tab of the practice Slack: one person, and what that person can do and see. */
export interface Tab {
  readonly page: Page;
  /** What went wrong inside the page: exceptions and refusals of its security policy. */
  readonly problems: string[];
  types(text: string): Promise<void>;
  replies(text: string): Promise<void>;
  /** The newest message with these words, in the channel. */
  message(words: string | RegExp): Locator;
  thread(words: string | RegExp): Locator;
  goes(place: string): Promise<void>;
  picture(name: string): Promise<void>;
}

/** @param url the practice Slack's address, such as `http://127.0.0.1:4400` */
export async function openTab(browser: Browser, url: string, person: string, at = '#/ops'): Promise<Tab> {
  const page = await browser.newPage(WINDOW);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (entry) => {
    if (/Content Security Policy|Uncaught/.test(entry.text())) problems.push(entry.text());
  });
  await page.goto(`${url}/?as=${person}${at}`);
  await page.locator('.pane-head h1').first().waitFor();
  await page.locator('.link-state:not(.down)').waitFor({ state: 'attached' });

  const write = async (label: string, text: string): Promise<void> => {
    const field = page.getByRole('textbox', { name: label, exact: true });
    await field.fill(text);
    await field.press('Enter');
  };
  return {
    page,
    problems,
    types: (text) => write('Message', text),
    replies: (text) => write('Reply in thread', text),
    message: (words) => page.locator('.conversation .message').filter({ hasText: words }).last(),
    thread: (words) => page.locator('.thread .message').filter({ hasText: words }).last(),
    async goes(place) {
      await page
        .locator('.rail')
        .getByRole('button', { name: new RegExp(`^${place}`) })
        .click();
    },
    async picture(name) {
      await page.screenshot({ path: join(PICTURES, `${name}.png`) });
    },
  };
}

/** How far the page can be scrolled sideways, in pixels: 0 on a page that fits. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate<number>(
    `Math.max(...[document.documentElement, ...document.querySelectorAll('.scroller')].map((one) => one.scrollWidth - one.clientWidth))`,
  );
}
