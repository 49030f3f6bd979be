import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signatureOf } from '../../src/bridges/out/webhook.ts';
import { checkFile } from '../../src/config/check-file.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/bridges.md'), 'utf8');

/** Blocks of code of a language, in order. */
function blocks(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text ?? '');
}

test('what the page says to copy into shipmate.yaml is valid', () => {
  const ours = blocks('yaml').filter((text) => text.startsWith('bridges:'));

  expect(ours).toHaveLength(2);
  expect(ours.flatMap((text) => checkFile('bridges.md', text).problems)).toEqual([]);
});

test('the verification that the page shows takes what we sign, and nothing else', async () => {
  const [code = ''] = blocks('js');
  const { isFromShipmate } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const [secret, body, now] = ['a-secret', '{"text":"ü"}', String(Math.floor(Date.now() / 1_000))];
  const headers = { 'x-shipmate-timestamp': now, 'x-shipmate-signature': signatureOf(secret, now, body) };
  const old = String(Number(now) - 400);

  expect(isFromShipmate(headers, Buffer.from(body), secret)).toBe(true);
  expect(isFromShipmate(headers, Buffer.from(`${body} `), secret)).toBe(false);
  expect(isFromShipmate(headers, Buffer.from(body), 'another')).toBe(false);
  expect(isFromShipmate({}, Buffer.from(body), secret)).toBe(false);
  expect(
    isFromShipmate(
      { 'x-shipmate-timestamp': old, 'x-shipmate-signature': signatureOf(secret, old, body) },
      Buffer.from(body),
      secret,
    ),
  ).toBe(false);
});
