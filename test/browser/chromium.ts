import { accessSync, constants } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';

export const PICTURES = join(import.meta.dirname, '../output/browser');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser to use: the environment's `CHROMIUM`, else the first on the path. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const candidates = env.CHROMIUM
    ? [env.CHROMIUM]
    : (env.PATH ?? '').split(delimiter).flatMap((dir) => NAMES.map((name) => join(dir, name)));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export const NO_CHROMIUM =
  'Skipped: no Chromium was found. Install it (Debian: apt-get install chromium) or set CHROMIUM to its path.';

/**
 * Chromium with an empty profile of its own, which it removes again at the end. Everybody gets a context, and so a window, of
 * their own: a tab behind another one draws once a second.
 */
export async function startChromium(executablePath: string): Promise<Browser> {
  await mkdir(PICTURES, { recursive: true });
  return chromium.launch({ executablePath, args: ARGS, headless: true });
}

export const WINDOW = {
  viewport: { width: 1280, height: 860 },
  colorScheme: 'light',
  reducedMotion: 'reduce',
} satisfies BrowserContextOptions;
