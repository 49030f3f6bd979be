import { expect, test } from 'vitest';
import { redactMessage } from '../../src/access/redact/message.ts';
import type { Message } from '../../src/chat/message.ts';
import { redactText } from '../../src/redact/text.ts';

const MIB = 1_048_576;

/**
 * Texts built so that a careless pattern would go back and forth in them. A quadratic one needs minutes for these; the limit leaves room
 * for a busy machine.
 */
test.each([
  'a',
  'password',
  'password=',
  'password="',
  'password=\\"',
  'password=a,',
  'password=\\"a',
  'password="\\',
  'pwd=\\\\\\"x\\y',
  'password=))))',
  'token    ',
  '--token ',
  '://',
  '://a:',
  '://a:b@',
  'a:b@tcp(',
  ':@tcp(',
  '-',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----\n-----END ',
  'eyJ-',
  'eyJaaaaaaaaa.',
  'cookie: a=',
  'Bearer aaaaaaaaaaa ',
  'authorization:["',
  'H4sIA',
  'sk-aaaa',
  'name: a value',
  'LS0tLS1CRUdJTi',
  '<hidden, 7 bytes>',
  '2026-11-21T00:00:00Z INFO request served path=/api/x status=200 user=bob session=abc key=foo\n',
])('1 MiB of %j is searched in linear time', (unit) => {
  const text = unit.repeat(Math.ceil(MIB / unit.length));
  const startedAt = performance.now();

  redactText(text);

  expect(performance.now() - startedAt).toBeLessThan(8_000);
});

test('a page of a table costs well under a third of a millisecond', () => {
  const rows = Array.from({ length: 25 }, (_, index) => [
    `web-7d4b9c8f5d-x7k${String(index).padStart(2, '0')}`,
    '1/1',
    'Running',
    '0',
    '12d',
    `10.244.0.${index}`,
    'harbour-1',
    '<none>',
  ]);
  const columns = ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE', 'NOMINATED NODE'].map((name) => ({
    name,
    priority: 0,
  }));
  const message = (): Message => ({
    title: '25 pods in shop · demo',
    parts: [{ kind: 'table', columns, rows, filename: 'get-pods.txt' }],
    footer: 'i7k2m9q4w8e1r5t6 · 09:41',
  });
  for (let warm = 0; warm < 200; warm++) redactMessage(message());

  const took = Array.from({ length: 200 }, () => {
    const startedAt = performance.now();
    redactMessage(message());
    return performance.now() - startedAt;
  }).sort((a, b) => a - b);

  expect(took[100]).toBeLessThan(0.3);
});
