import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Practice } from '../practice.ts';

const SECRET = 'practice-signing-secret';

/** A chat in HTTP mode, and the practice Slack told where it listens. */
async function open(clock: () => number = Date.now): Promise<Practice & { base: string }> {
  const practice = await Practice.open({ config: { appToken: undefined, signingSecret: SECRET }, clock });
  const base = `http://127.0.0.1:${practice.chat.httpPort}`;
  await practice.settings({
    eventsUrl: `${base}/slack/events`,
    commandsUrl: `${base}/slack/commands`,
    interactivityUrl: `${base}/slack/interactions`,
  });
  return Object.assign(practice, { base });
}

const BODY = new URLSearchParams({
  command: '/k8s',
  text: 'get pods',
  team_id: 'T0PRACTICE',
  user_id: 'U0ADA',
  channel_id: 'C0OPS',
  trigger_id: '1.2.3',
}).toString();

function post(
  base: string,
  options: { at?: number; body?: string; secret?: string; path?: string } = {},
): Promise<Response> {
  const { at = Date.now(), body = BODY, secret = SECRET, path = '/slack/commands' } = options;
  const timestamp = String(Math.floor(at / 1_000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return fetch(`${base}${path}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature,
    },
  });
}

describe('HTTP mode', () => {
  test('takes commands, mentions and buttons, and says that it listens', async () => {
    await using practice = await open();

    const typed = await practice.type('ada', { channel: 'ops', text: '/k8s get pods' });
    await practice.type('ada', { channel: 'ops', text: '@Shipmate k8s get nodes' });
    const ref = await practice.chat.post(
      { channel: 'C0OPS' },
      { title: 'Scale?', buttons: [{ action: 'confirm', label: 'Scale', value: 'iabc.1' }] },
    );
    const clicked = await practice.click('grace', { channel: 'ops', ts: ref.ts, action_id: 'confirm' });

    expect(typed).toMatchObject({ acknowledged: true });
    expect(clicked).toMatchObject({ acknowledged: true });
    await expect
      .poll(() => practice.inbox.invocations.map((invocation) => invocation.raw))
      .toEqual(['/k8s get pods', 'k8s get nodes']);
    expect(practice.inbox.presses[0]).toMatchObject({ action: 'confirm' });
    expect(practice.chat.health()).toMatchObject({ connected: true, mode: 'http' });
  });

  test('a captured request does nothing when it is sent again', async () => {
    await using practice = await open();
    const at = Date.now();

    const first = await post(practice.base, { at });
    const second = await post(practice.base, { at });

    expect([first.status, second.status]).toEqual([200, 401]);
    expect(practice.inbox.invocations.length).toBe(1);
  });

  test.each([
    ['from ten minutes ago', { at: Date.now() - 600_000 }],
    ['from an hour ahead', { at: Date.now() + 3_600_000 }],
    ['signed with another secret', { secret: 'another' }],
  ])('a request %s is refused', async (_name, options) => {
    await using practice = await open();

    const response = await post(practice.base, options);

    expect(response.status).toBe(401);
    expect(practice.inbox.invocations).toEqual([]);
  });

  test('an unsigned request is refused; Slack’s certificate check is answered, and nothing in it is done', async () => {
    await using practice = await open();
    const unsigned = (body: string) => fetch(`${practice.base}/slack/commands`, { method: 'POST', body });

    const plain = await unsigned(BODY);
    const check = await unsigned(`ssl_check=1&${BODY}`);

    expect([plain.status, check.status]).toEqual([401, 200]);
    expect(practice.inbox.invocations).toEqual([]);
  });

  test('a command that was never registered is still acknowledged at once', async () => {
    await using practice = await open();

    const response = await post(practice.base, { body: BODY.replace('%2Fk8s', '%2Funknown') });

    expect(response.status).toBe(200);
    expect(practice.inbox.invocations[0]?.raw).toBe('/unknown get pods');
  });

  test('Slack’s address check is answered', async () => {
    await using practice = await open();
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });

    const response = await post(practice.base, { body, path: '/slack/events' });

    expect(await response.text()).toContain('abc');
  });

  test('an event that was not made durable is not acknowledged, and may come again at once', async () => {
    await using practice = await open();
    const event = {
      type: 'app_mention',
      user: 'U0ADA',
      channel: 'C0OPS',
      ts: '1.000100',
      text: '<@U0SHIPMATE> k8s get pods',
    };
    const body = JSON.stringify({ type: 'event_callback', team_id: 'T0PRACTICE', event });
    const at = Date.now();
    practice.inbox.before = () => Promise.reject(new Error('redis is gone'));

    const first = await post(practice.base, { at, body, path: '/slack/events' });
    practice.inbox.before = () => Promise.resolve();
    const second = await post(practice.base, { at, body, path: '/slack/events' });

    expect([first.status, second.status]).toEqual([500, 200]);
    expect(practice.inbox.invocations.length).toBe(1);
  });

  test('a delivery that Slack repeats is the same invocation', async () => {
    await using practice = await open();
    await practice.faults({ duplicateHttpNext: 1 });

    await practice.type('ada', { channel: 'ops', text: '@Shipmate k8s get pods' });
    await expect.poll(() => practice.inbox.invocations.length).toBeGreaterThan(0);

    expect(new Set(practice.inbox.invocations.map((invocation) => invocation.id)).size).toBe(1);
  });

  test('stopping waits for the answers under way', async () => {
    await using practice = await open();
    const { promise, resolve } = Promise.withResolvers<void>();
    let isWaiting = false;
    practice.inbox.before = () => {
      isWaiting = true;
      return promise;
    };
    const response = post(practice.base);
    await expect.poll(() => isWaiting).toBe(true);

    const stopped = practice.chat.stopReceiving();
    resolve();

    await stopped;
    expect((await response).status).toBe(200);
    await expect(post(practice.base)).rejects.toThrow();
  });
});
