import { describe, expect, test } from 'vitest';
import { LINES } from '../../../src/chat/receive/socket-receiver.ts';
import { KeepingInbox, Practice } from '../practice.ts';

const live = (practice: Practice): number => practice.chat.health().connections?.live ?? 0;
const allLive = (practice: Practice): Promise<void> =>
  expect.poll(() => live(practice), { timeout: 10_000 }).toBe(LINES);

/** Looks at Slack's own count of connections, all the time, until `done`. */
async function fewestDuring(practice: Practice, done: () => boolean): Promise<number> {
  let fewest = await practice.sockets();
  while (!done()) fewest = Math.min(fewest, await practice.sockets());
  return fewest;
}

async function answers(practice: Practice): Promise<void> {
  const before = practice.inbox.invocations.length;
  const typed = await practice.type('ada', { channel: 'ops', text: '/k8s get pods' });
  expect(typed).toMatchObject({ acknowledged: true });
  expect(practice.inbox.invocations.length).toBe(before + 1);
}

describe('Socket Mode', () => {
  test('keeps two connections and says so', async () => {
    await using practice = await Practice.open();
    await allLive(practice);

    expect(await practice.sockets()).toBe(2);
    expect(practice.chat.health()).toMatchObject({
      connected: true,
      mode: 'socket',
      connections: { live: 2, wanted: 2 },
      missing: [],
      bot: { userId: 'U0SHIPMATE', team: 'T0PRACTICE' },
    });
  });

  test('never has fewer than two connections, not even when Slack refreshes all of them at once', async () => {
    await using practice = await Practice.open();
    await allLive(practice);
    let isDone = false;

    const watching = fewestDuring(practice, () => isDone);
    for (const refresh of ['refresh_requested', 'warning', 'refresh_requested'] as const) {
      const before = (await practice.calls('apps.connections.open')).length;
      await practice.faults({ sockets: { refresh } });
      await expect.poll(async () => (await practice.calls('apps.connections.open')).length).toBe(before + 2);
      await allLive(practice);
      await answers(practice);
    }
    isDone = true;

    expect(await watching).toBeGreaterThanOrEqual(2);
    await expect.poll(() => practice.sockets(), { timeout: 20_000 }).toBe(2);
  });

  test('opens a new connection at once when TCP is cut', async () => {
    await using practice = await Practice.open();
    await allLive(practice);

    const cutAt = performance.now();
    await practice.faults({ sockets: { drop: 'all' } });
    await expect.poll(() => practice.sockets(), { timeout: 5_000 }).toBe(2);

    expect(performance.now() - cutAt).toBeLessThan(3_000);
    await answers(practice);
  });

  test('replaces a link that is open at one end only', async () => {
    await using practice = await Practice.open();
    await allLive(practice);
    const before = (await practice.calls('apps.connections.open')).length;
    await practice.faults({ sockets: { mute: true } });

    await expect
      .poll(async () => (await practice.calls('apps.connections.open')).length, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(before + 2);
    await practice.faults({ sockets: { mute: false } });

    await allLive(practice);
    await answers(practice);
  });

  test('survives app_rate_limited, which has no event', async () => {
    await using practice = await Practice.open();
    await allLive(practice);

    await practice.faults({ sockets: { appRateLimited: true } });
    await expect.poll(() => practice.metrics.rateLimits).toBeGreaterThan(0);

    await answers(practice);
    expect(live(practice)).toBe(2);
  });

  test.each(['503', 'hang'] as const)('comes back after %s on apps.connections.open', async (open) => {
    await using practice = await Practice.open();
    await allLive(practice);
    await practice.faults({ sockets: { open } });
    await practice.faults({ sockets: { drop: 'all' } });
    await expect.poll(() => practice.chat.health().connected).toBe(false);
    await expect.poll(() => practice.logs.join(), { timeout: 15_000 }).toContain('could not be opened; trying again');

    await practice.faults({ sockets: { open: 'ok' } });

    await expect.poll(() => practice.chat.health().connected, { timeout: 15_000 }).toBe(true);
    await answers(practice);
  });

  test('comes back after a revoked token was restored', async () => {
    await using practice = await Practice.open();
    await allLive(practice);
    await practice.faults({ tokens: 'invalid_auth', sockets: { drop: 'all' } });
    await expect.poll(() => practice.chat.health().connected).toBe(false);

    await practice.faults({ tokens: 'ok' });

    await expect.poll(() => live(practice), { timeout: 15_000 }).toBe(2);
  });

  test('waits for Slack at the start', async () => {
    await using practice = await Practice.open({ start: false });
    await practice.faults({ calls: [{ method: '*', status: 503, count: 3 }] });

    await practice.chat.start(practice.inbox);

    await answers(practice);
  });

  test('with a bad token says so at once', async () => {
    await using practice = await Practice.open({ start: false });
    const chat = practice.another({ botToken: 'xoxb-wrong' });

    await expect(chat.start(practice.inbox)).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  test('two replicas share the commands, and when one stops the other has them all', async () => {
    await using practice = await Practice.open();
    const other = new KeepingInbox();
    const second = practice.another();
    await second.start(other);
    await expect.poll(() => practice.sockets()).toBe(4);

    const type = (index: number) => practice.type('ada', { channel: 'ops', text: `/k8s get pods ${index}` });
    const shared = await Promise.all(Array.from({ length: 12 }, (_command, index) => type(index)));
    const byFirst = practice.inbox.invocations.length;
    await second.stop();
    await expect.poll(() => practice.sockets()).toBe(2);
    const alone = await Promise.all(Array.from({ length: 12 }, (_command, index) => type(index)));

    expect([...shared, ...alone].every((typed) => typed.acknowledged)).toBe(true);
    expect(byFirst).toBeGreaterThan(0);
    expect(other.invocations.length).toBe(12 - byFirst);
    expect(practice.inbox.invocations.length).toBe(byFirst + 12);
  });

  test('stops receiving when asked, after what is in flight, and can still speak', async () => {
    await using practice = await Practice.open();
    await allLive(practice);
    const { promise, resolve: finish } = Promise.withResolvers<void>();
    let isWaiting = false;
    practice.inbox.before = () => {
      isWaiting = true;
      return promise;
    };
    const typed = practice.type('ada', { channel: 'ops', text: '/k8s get pods' });
    await expect.poll(() => isWaiting).toBe(true);

    const stopped = practice.chat.stopReceiving();
    finish();

    await stopped;
    expect(await typed).toMatchObject({ acknowledged: true });
    expect(await practice.sockets()).toBe(0);
    await practice.chat.post({ channel: 'C0OPS' }, { title: 'last words' });
  });
});
