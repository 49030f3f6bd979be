import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { afterEach, describe, expect, test } from 'vitest';
import { startTestSlack, type TestSlack } from '../../../support/practice-slack.ts';

let slack: TestSlack;
let stopApp: () => Promise<unknown>;
const plain = (text: string) => ({ type: 'plain_text' as const, text });

/** A whole small app, as anybody would write one with Bolt. */
function teach(app: App): void {
  app.command('/k8s', async ({ command, ack, respond, client }) => {
    await ack();
    await respond({ text: `you typed ${command.text}` });
    await client.chat.postMessage({
      channel: command.channel_id,
      text: 'Scale?',
      blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'scale', text: plain('Scale') }] }],
    });
  });
  app.action('scale', async ({ ack, body, client }) => {
    await ack();
    const trigger_id = 'trigger_id' in body ? body.trigger_id : '';
    await client.views.open({
      trigger_id,
      view: {
        type: 'modal',
        callback_id: 'scale',
        title: plain('Scale'),
        submit: plain('Go'),
        blocks: [
          {
            type: 'input',
            block_id: 'to',
            label: plain('To'),
            element: { type: 'plain_text_input', action_id: 'replicas' },
          },
        ],
      },
    });
  });
  app.view('scale', async ({ ack, view, body, client }) => {
    const replicas = view.state.values.to?.replicas?.value ?? '';
    if (!/^\d+$/.test(replicas)) return ack({ response_action: 'errors', errors: { to: 'A number, please.' } });
    await ack();
    await client.chat.postMessage({ channel: 'C0OPS', text: `<@${body.user.id}> scales to ${replicas}` });
  });
  app.event('app_mention', async ({ event, client }) => {
    await client.chat.postMessage({ channel: event.channel, thread_ts: event.ts, text: 'Aye.' });
  });
}

async function overSocketMode(): Promise<void> {
  slack = await startTestSlack();
  const { botToken, appToken } = slack.world.app;
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new SocketModeReceiver({ appToken, installerOptions: { clientOptions }, logLevel: LogLevel.ERROR });
  const app = new App({ token: botToken, receiver, clientOptions, logLevel: LogLevel.ERROR });
  teach(app);
  await app.start();
  stopApp = () => receiver.client.disconnect();
}

async function overHttp(): Promise<void> {
  slack = await startTestSlack();
  const { botToken, signingSecret } = slack.world.app;
  const receiver = new HTTPReceiver({ signingSecret, port: 0, logLevel: LogLevel.ERROR });
  const app = new App({
    token: botToken,
    receiver,
    clientOptions: { slackApiUrl: slack.apiUrl },
    logLevel: LogLevel.ERROR,
  });
  teach(app);
  const server = (await app.start(0)) as Server;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  const answer = await slack.control.post('settings', { eventsUrl: url, commandsUrl: url });
  expect(answer).toMatchObject({ verified: true });
  stopApp = () => app.stop();
}

afterEach(async () => {
  await stopApp();
  await slack.stop();
});

describe.each([
  ['Socket Mode', overSocketMode],
  ['signed HTTP', overHttp],
])('a Bolt app over %s', (_name, start) => {
  test('answers a command, a button, a modal and a mention', async () => {
    await start();
    const ada = slack.person('ada');

    expect(await ada.types('/k8s scale deploy/web', { channel: 'ops' })).toMatchObject({ acknowledged: true });
    await ada.sees('ops', 'you typed scale deploy/web');
    expect(await slack.person('grace').sawOnly('ops')).not.toContain('you typed scale deploy/web');
    await ada.clicks(await ada.sees('ops', '[Scale]'), 'Scale');
    await ada.modal('To');
    expect(await ada.submits({ replicas: 'many' })).toMatchObject({
      closed: false,
      errors: { to: 'A number, please.' },
    });
    expect(await ada.submits({ replicas: '5' })).toMatchObject({ closed: true });
    await slack.person('grace').sees('ops', '@ada scales to 5');

    await ada.types('@Shipmate hello', { channel: 'ops' });
    const mention = await ada.sees('ops', '@Shipmate hello');
    await ada.sees('ops', 'Aye.', { thread: mention });
    expect((await ada.seesOn(mention, 'hello')).reply_count).toBe(1);
  });
});

test('the SDK\u2019s own upload ends as a file in the thread', async () => {
  await overSocketMode();
  const { ts } = (await slack.person('ada').types('logs?', { channel: 'ops' })) as { ts: string };
  const client = new WebClient(slack.world.app.botToken, { slackApiUrl: slack.apiUrl });

  await client.filesUploadV2({
    channel_id: 'C0OPS',
    thread_ts: ts,
    filename: 'web.log',
    content: 'line 1\nline 2\n',
    initial_comment: 'here',
  });

  const message = await slack.person('grace').sees('ops', '[file: web.log]', { thread: ts });
  expect(message.files[0]).toMatchObject({ mimetype: 'text/plain', size: 14, preview: 'line 1\nline 2\n' });
});

test('a Bolt app over Socket Mode comes back after its connection was dropped', async () => {
  await overSocketMode();

  await slack.breaks({ sockets: { drop: 'all' } });

  await expect.poll(async () => (await slack.state()).app.sockets, { timeout: 15_000 }).toBe(1);
});
