import { afterEach, expect, test } from 'vitest';
import { startTestSlack, type TestSlack } from '../../../support/practice-slack.ts';
import { type BareApp, type ReceivedEnvelope, startBareApp } from '../../../support/practice-slack-app.ts';

let slack: TestSlack;
let app: BareApp;
const plain = (text: string) => ({ type: 'plain_text', text });
const confirm = { title: plain('Scale web?'), text: plain('3 to 5'), confirm: plain('Scale'), deny: plain('Not now') };
const card = [
  {
    type: 'actions',
    block_id: 'gate',
    elements: [
      { type: 'button', action_id: 'confirm', text: plain('Scale web to 5'), value: 'x1.1', style: 'primary', confirm },
      { type: 'button', action_id: 'cancel', text: plain('Cancel'), value: 'x1.1' },
      { type: 'overflow', action_id: 'more', options: [{ text: plain('Wide'), value: 'wide' }] },
    ],
  },
];

async function start(
  answer?: (envelope: ReceivedEnvelope) => Record<string, unknown> | 'silent' | undefined,
): Promise<void> {
  slack = await startTestSlack();
  app = await startBareApp(slack, answer === undefined ? {} : { answer });
}
afterEach(async () => {
  app.stop();
  await slack.stop();
});

const actions = () => app.received.filter((one) => one.payload.type === 'block_actions').map((one) => one.payload);
const respond = async (payload: Record<string, unknown>, body: object): Promise<Response> =>
  fetch(String(payload.response_url), { method: 'POST', body: JSON.stringify(body) });

test('a button with a confirm dialog asks first, then sends what Slack sends', async () => {
  await start();
  await app.call('chat.postMessage', { channel: 'C0OPS', text: 'card', blocks: card });
  const message = await slack.person('grace').sees('ops', '[Scale web to 5]');

  await expect(slack.person('grace').clicks(message, 'Scale web to 5')).rejects.toMatchObject({
    code: 'needs_confirmation',
    refusal: { confirm: { title: 'Scale web?', text: '3 to 5', confirm: 'Scale', deny: 'Not now' } },
  });
  expect(actions()).toHaveLength(0);
  await slack.person('grace').clicks(message, 'confirm', { confirmed: true });

  expect(actions()[0]).toMatchObject({
    user: { id: 'U0GRACE', username: 'grace', team_id: 'T0PRACTICE' },
    team: { id: 'T0PRACTICE', domain: 'practice' },
    channel: { id: 'C0OPS', name: 'ops' },
    container: { type: 'message', message_ts: message.ts, channel_id: 'C0OPS', is_ephemeral: false },
    message: { ts: message.ts, text: 'card' },
    actions: [{ type: 'button', action_id: 'confirm', block_id: 'gate', value: 'x1.1', style: 'primary' }],
  });
});

test('an option of an overflow menu is chosen by its text or value', async () => {
  await start();
  await app.call('chat.postMessage', { channel: 'C0OPS', text: 'card', blocks: card });
  const message = await slack.person('ada').sees('ops', 'Wide');

  await slack.person('ada').chooses(message, 'more', 'Wide');

  expect(actions()[0]?.actions).toMatchObject([{ type: 'overflow', selected_option: { value: 'wide' } }]);
  await expect(slack.person('ada').chooses(message, 'more', 'Narrow')).rejects.toThrow('There are: Wide');
});

test('a response address replaces and deletes the message whose button was pressed', async () => {
  await start();
  await app.call('chat.postMessage', { channel: 'C0OPS', text: 'card', blocks: card });
  const message = await slack.person('ada').sees('ops', '[Cancel]');
  await slack.person('ada').clicks(message, 'Cancel');
  const [payload] = actions() as [Record<string, unknown>];

  await respond(payload, { replace_original: true, text: 'cancelled' });
  await slack.person('grace').seesOn(message, 'cancelled');
  await respond(payload, { delete_original: true });

  await slack.person('grace').seesNo('ops', 'cancelled');
});

test('ephemeral messages have a working button, too, without their content in the payload', async () => {
  await start();
  await app.call('chat.postEphemeral', { channel: 'C0OPS', user: 'U0ADA', text: 'card', blocks: card });
  const message = await slack.person('ada').sees('ops', '[Cancel]');

  await expect(slack.person('grace').clicks(message, 'Cancel')).rejects.toThrow('no_such_message');
  await slack.person('ada').clicks(message, 'Cancel');
  const [payload] = actions() as [Record<string, unknown>];
  await respond(payload, { replace_original: true, text: 'done' });

  expect(payload.container).toMatchObject({ is_ephemeral: true, message_ts: message.ts });
  expect(payload).not.toHaveProperty('message');
  expect(await slack.person('ada').sawOnly('ops')).toEqual(['done']);
});

test('a response address works five times within thirty minutes', async () => {
  await start();
  await slack.person('ada').types('/k8s get pods', { channel: 'ops' });
  await slack.person('ada').types('/k8s get nodes', { channel: 'ops' });
  const [first, second] = app.received.map((one) => one.payload) as [Record<string, unknown>, Record<string, unknown>];

  const statuses: number[] = [];
  for (let use = 1; use <= 6; use += 1) statuses.push((await respond(first, { text: `use ${use}` })).status);
  await slack.advance(30 * 60_000 + 1);
  const late = await respond(second, { text: 'late' });

  expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
  expect(await late.json()).toMatchObject({ error: 'expired_url' });
  expect(await slack.person('ada').sawOnly('ops')).toHaveLength(5);
  expect(await slack.person('grace').sawOnly('ops')).toHaveLength(0);
});

test('a command has no original: replace_original posts anew (bolt-js#2287); in_channel is for everybody', async () => {
  await start();
  await slack.person('ada').types('/k8s get pods', { channel: 'ops' });
  const [payload] = app.received.map((one) => one.payload) as [Record<string, unknown>];

  await respond(payload, { text: 'working' });
  await respond(payload, { text: 'done', replace_original: true });
  await respond(payload, { text: 'for all', response_type: 'in_channel' });

  expect(await slack.person('ada').sawOnly('ops')).toEqual(['working', 'done', 'for all']);
  expect(await slack.person('grace').sawOnly('ops')).toEqual(['for all']);
  expect((await respond(payload, { blocks: [{ type: 'nope' }] })).status).toBe(400);
});

test('a press that nobody acknowledges tells the person', async () => {
  await start(() => 'silent');
  await slack.settings({ ackTimeoutMs: 50 });
  await app.call('chat.postMessage', { channel: 'C0OPS', text: 'card', blocks: card });
  const message = await slack.person('ada').sees('ops', '[Cancel]');

  const press = await slack.person('ada').clicks(message, 'Cancel');

  expect(press).toMatchObject({ acknowledged: false, failure: 'operation_timeout' });
  await slack.person('ada').sees('ops', 'This app is not responding');
});

test('options of an external select come from the app', async () => {
  await start((envelope) =>
    envelope.payload.type === 'block_suggestion'
      ? { options: [{ text: plain(`deploy/${String(envelope.payload.value)}`), value: 'd1' }] }
      : undefined,
  );
  const select = {
    type: 'external_select',
    action_id: 'workload',
    placeholder: plain('Workload'),
    min_query_length: 1,
  };
  await app.call('chat.postMessage', {
    channel: 'C0OPS',
    text: 'which?',
    blocks: [{ type: 'actions', elements: [select] }],
  });
  const message = await slack.person('ada').sees('ops', 'Workload');

  const answer = await slack.control.post('as/ada/options', {
    channel: 'ops',
    ts: message.ts,
    action_id: 'workload',
    query: 'web',
  });

  expect(answer).toMatchObject({ options: [{ text: 'deploy/web', value: 'd1' }] });
});

test('a stranger in a shared channel is told with their own team, and has no commands', async () => {
  slack = await startTestSlack({
    world: {
      people: [{ id: 'U0MALLORY', name: 'mallory', realName: 'Mallory', teamId: 'T0OTHER' }],
      channels: [{ id: 'C0OPS', name: 'ops', members: ['U0MALLORY'], botIsMember: true, isExtShared: true }],
    },
  });
  app = await startBareApp(slack);

  await slack.person('mallory').types('@Shipmate hello', { channel: 'ops' });
  await expect(slack.person('mallory').types('/k8s get pods', { channel: 'ops' })).rejects.toThrow('no_such_command');
  await app.call('chat.postMessage', { channel: 'C0OPS', text: 'card', blocks: card });
  await slack.person('mallory').clicks(await slack.person('mallory').sees('ops', '[Cancel]'), 'Cancel');

  const mention = app.received.find(
    (one) => (one.payload.event as { type?: string } | undefined)?.type === 'app_mention',
  );
  expect(mention?.payload).toMatchObject({
    team_id: 'T0PRACTICE',
    is_ext_shared_channel: true,
    event: { user_team: 'T0OTHER' },
  });
  expect(actions()[0]).toMatchObject({ user: { team_id: 'T0OTHER' }, team: { id: 'T0PRACTICE' } });
});
