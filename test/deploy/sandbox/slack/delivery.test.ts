import { afterEach, expect, test } from 'vitest';
import { startTestSlack, type TestSlack } from '../../../support/practice-slack.ts';
import { type BareApp, type ReceivedEnvelope, startBareApp } from '../../../support/practice-slack-app.ts';

let slack: TestSlack;
let app: BareApp | undefined;

async function start(options: Parameters<typeof startBareApp>[1] = {}): Promise<BareApp> {
  slack = await startTestSlack();
  app = await startBareApp(slack, options);
  return app;
}

afterEach(async () => {
  app?.stop();
  await slack.stop();
});

const eventsOf = (received: readonly ReceivedEnvelope[], type: string) =>
  received.filter((one) => (one.payload.event as { type?: string } | undefined)?.type === type);

test('a command goes to one of the connections, in turn, with everything Slack sends', async () => {
  const { received } = await start({ connections: 3 });

  for (let index = 0; index < 6; index += 1) await slack.person('ada').types('/k8s get <pods>', { channel: 'ops' });

  expect(received).toHaveLength(6);
  expect(received.map((one) => one.connection).sort()).toEqual([0, 0, 1, 1, 2, 2]);
  expect(received[0]?.payload).toMatchObject({
    command: '/k8s',
    text: 'get &lt;pods&gt;',
    user_id: 'U0ADA',
    user_name: 'ada',
    team_id: 'T0PRACTICE',
    channel_id: 'C0OPS',
    channel_name: 'ops',
    api_app_id: 'A0SHIPMATE',
    response_url: expect.stringContaining('/response/'),
    trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]+$/),
  });
});

test('the words that come with the acknowledgement are seen by the person only', async () => {
  await start({ answer: () => ({ text: 'here you are' }) });

  await slack.person('ada').types('/k8s help', { channel: 'ops' });

  expect((await slack.person('ada').sees('ops', 'here you are')).ephemeral).toBe(true);
  expect(await slack.person('grace').sawOnly('ops')).toEqual([]);
});

test('a command that nobody acknowledges ends in Slack\u2019s own sentence, and is not sent again', async () => {
  const { received } = await start({ answer: () => 'silent' });
  await slack.settings({ ackTimeoutMs: 100 });

  const typed = await slack.person('ada').types('/k8s get pods', { channel: 'ops' });

  expect(typed).toMatchObject({ acknowledged: false, failure: 'operation_timeout' });
  await slack.person('ada').sees('ops', '/k8s failed with the error "operation_timeout"');
  await slack.advance(600_000);
  expect(received).toHaveLength(1);
});

test('without any connection the person reads dispatch_failed', async () => {
  slack = await startTestSlack();

  await slack.person('ada').types('/k8s get pods', { channel: 'ops' });

  await slack.person('ada').sees('ops', '/k8s failed with the error "dispatch_failed"');
});

test('an event that nobody acknowledges comes again three times: at once, after one and after five minutes', async () => {
  const { received } = await start({ answer: () => 'silent' });
  await slack.settings({ ackTimeoutMs: 50 });
  await slack.person('ada').types('@Shipmate hello', { channel: 'ops' });
  const attempts = () => eventsOf(received, 'app_mention').map((one) => one.retryAttempt);

  const attemptsAfter = async (ms: number) => {
    await slack.advance(ms);
    return attempts();
  };
  await expect.poll(attempts).toEqual([undefined, 1]);
  await expect.poll(() => attemptsAfter(60_000)).toContain(2);
  await expect.poll(() => attemptsAfter(300_000)).toEqual([undefined, 1, 2, 3]);

  const ids = new Set(eventsOf(received, 'app_mention').map((one) => one.payload.event_id));
  expect(ids.size).toBe(1);
});

test('a mention is told twice, as message and as app_mention, with the same client_msg_id', async () => {
  const { received } = await start();

  await slack.person('grace').types('@Shipmate k8s get pods', { channel: 'ops' });

  await expect.poll(() => received.length).toBe(2);
  const [message] = eventsOf(received, 'message');
  const [mention] = eventsOf(received, 'app_mention');
  const event = message?.payload.event as Record<string, unknown>;
  expect(event).toMatchObject({
    user: 'U0GRACE',
    text: '<@U0SHIPMATE> k8s get pods',
    channel: 'C0OPS',
    channel_type: 'channel',
  });
  expect((mention?.payload.event as Record<string, unknown> | undefined)?.client_msg_id).toBe(event.client_msg_id);
  expect(message?.payload).toMatchObject({
    type: 'event_callback',
    team_id: 'T0PRACTICE',
    authorizations: [{ user_id: 'U0SHIPMATE', is_bot: true }],
  });
});

test('a direct message is told as message.im; a channel without the bot is not told at all', async () => {
  const { received } = await start();
  await slack.breaks({ kickBot: 'approvals' });

  await slack.person('ada').types('@Shipmate secret', { channel: 'approvals' });
  await slack.person('ada').types('k8s get pods', { channel: '@Shipmate' });

  await expect.poll(() => received.length).toBe(1);
  expect(received[0]?.payload.event).toMatchObject({ type: 'message', channel_type: 'im', text: 'k8s get pods' });
});

test('an envelope can be made to come twice', async () => {
  const { received } = await start({ connections: 2 });
  await slack.breaks({ sockets: { duplicateNext: 1 } });

  await slack.person('ada').types('/k8s get pods', { channel: 'ops' });

  await expect.poll(() => received.map((one) => one.envelopeId)).toHaveLength(2);
  expect(received[0]?.envelopeId).toBe(received[1]?.envelopeId);
});

test('a connection that was asked to refresh gets nothing more', async () => {
  const { received, frames } = await start();
  await slack.breaks({ sockets: { refresh: 'refresh_requested' } });
  await expect.poll(() => frames.map((frame) => frame.type)).toEqual(['hello', 'disconnect']);
  const second = await startBareApp(slack);

  for (let index = 0; index < 3; index += 1) await slack.person('ada').types('/k8s get pods', { channel: 'ops' });

  expect(received).toHaveLength(0);
  expect(second.received).toHaveLength(3);
  second.stop();
});

test('the eleventh connection is turned away, and an address is good for one connection', async () => {
  const { frames } = await start({ connections: 10 });
  expect((await slack.state()).app.sockets).toBe(10);

  const { url } = await (app as BareApp).call('apps.connections.open', {}, slack.world.app.appToken);
  const refused = new WebSocket(String(url));
  const first = await new Promise<string>((resolve) =>
    refused.addEventListener('message', (event) => resolve(String(event.data))),
  );
  const again = new WebSocket(String(url));
  const failed = await new Promise<string>((resolve) => again.addEventListener('error', () => resolve('refused')));

  expect(JSON.parse(first)).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
  expect(failed).toBe('refused');
  expect(frames.filter((frame) => frame.type === 'hello')).toHaveLength(10);
  refused.close();
});

test('a guest may type commands, a stranger and a deactivated person may not', async () => {
  const { received } = await start();

  await slack.person('eve').types('/k8s get pods', { channel: 'ops' });
  await slack.breaks({ deactivate: 'linus' });

  expect(received).toHaveLength(1);
  await expect(slack.person('linus').types('/k8s get pods', { channel: 'ops' })).rejects.toThrow('deactivated');
  await expect(slack.person('eve').types('hi', { channel: 'approvals' })).rejects.toThrow('no_such_channel');
});

test('commands do not exist in threads, and unknown ones are Slackbot\u2019s business', async () => {
  const { received } = await start();
  const { ts } = (await slack.person('ada').types('hello', { channel: 'ops' })) as { ts: string };

  await expect(slack.person('ada').types('/k8s get pods', { channel: 'ops', thread: ts })).rejects.toThrow(
    'not_supported_in_threads',
  );
  await expect(slack.person('ada').types('/nope', { channel: 'ops' })).rejects.toThrow('no_such_command');

  await slack.person('ada').sees('ops', '/k8s is not supported in threads', { thread: ts });
  await slack.person('ada').sees('ops', '/nope is not a valid command');
  expect(received.filter((one) => one.type === 'slash_commands')).toHaveLength(0);
});
