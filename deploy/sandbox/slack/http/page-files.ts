import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { sendBytes, sendText } from './exchange.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/** Serves the page's plain files: `/` is `index.html`, `/page/<path>` the rest. Nothing outside the folder, no hidden files. */
export async function handlePageFile(pageDir: string, path: string, response: ServerResponse): Promise<void> {
  const wanted = path === '/' ? 'index.html' : path.replace(/^\/page\//, '');
  const file = inside(pageDir, wanted);
  const type = TYPES[extname(wanted)];
  if (file === undefined || type === undefined) return sendText(response, 404, 'Not found.');
  try {
    sendBytes(response, await readFile(file), type, {
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
  } catch {
    sendText(response, 404, 'Not found.');
  }
}

function inside(folder: string, wanted: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(wanted);
  } catch {
    return undefined;
  }
  const file = normalize(join(folder, decoded));
  const isHidden = decoded.split(/[\\/]/).some((part) => part.startsWith('.'));
  return file.startsWith(normalize(folder) + sep) && !isHidden && !decoded.includes('\0') ? file : undefined;
}
