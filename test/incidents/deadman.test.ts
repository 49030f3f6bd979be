import { expect, test } from 'vitest';
import { startDeadman } from '../../src/incidents/deadman.ts';
import { createLogger } from '../../src/log.ts';

const log = createLogger('silent');
const url = 'https://hc.example.com/ping/secret';

test('it calls while Shipmate watches, and not while it is blind', async () => {
  const stop = new AbortController();
  const calls: string[] = [];
  let isWatching = true;
  const deadman = startDeadman({
    ...{ url, everyMs: 1, clock: () => 1_000, log, signal: stop.signal },
    isWatching: () => isWatching,
    call: async (called) => {
      calls.push(called);
      isWatching = calls.length < 3;
    },
  });

  await expect.poll(() => calls.length).toBe(3);
  stop.abort();
  await deadman.done;

  expect(calls).toEqual([url, url, url]);
  expect(deadman.failingSince()).toBe(0);
});

test('the first failed call is when it began to fail, until one succeeds again', async () => {
  const stop = new AbortController();
  let now = 1_000;
  let isDown = true;
  let calls = 0;
  const deadman = startDeadman({
    ...{ url, everyMs: 1, log, signal: stop.signal, isWatching: () => true },
    clock: () => now,
    call: async () => {
      calls += 1;
      if (isDown) throw new Error('connect ECONNREFUSED');
    },
  });

  await expect.poll(() => deadman.failingSince()).toBe(1_000);
  now = 9_000;
  const before = calls;
  await expect.poll(() => calls).toBeGreaterThan(before + 1);
  expect(deadman.failingSince()).toBe(1_000);

  isDown = false;
  await expect.poll(() => deadman.failingSince()).toBe(0);
  stop.abort();
  await deadman.done;
});

test('it stops at once, also in the middle of a call', async () => {
  const stop = new AbortController();
  const deadman = startDeadman({
    ...{ url, everyMs: 60_000, clock: () => 1_000, log, signal: stop.signal, isWatching: () => true },
    call: (_url, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });

  stop.abort();
  await deadman.done;

  expect(deadman.failingSince()).toBe(0);
});
