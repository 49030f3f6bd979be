import { afterEach, expect, test } from 'vitest';
import { startTestSlack, type TestSlack } from '../../../support/practice-slack.ts';
import { type BareApp, type ReceivedEnvelope, startBareApp } from '../../../support/practice-slack-app.ts';

let slack: TestSlack;
let app: BareApp;
type Json = Record<string, unknown>;
const plain = (text: string) => ({ type: 'plain_text', text });
const why = {
  type: 'input',
  block_id: 'why',
  label: plain('Why'),
  element: { type: 'plain_text_input', action_id: 'reason', min_length: 3 },
};
const modal = (title: string, extra: Json = {}) => ({
  type: 'modal',
  callback_id: 'scale',
  private_metadata: 'x1',
  title: plain(title),
  submit: plain('Go'),
  blocks: [
    why,
    { type: 'actions', block_id: 'more', elements: [{ type: 'button', action_id: 'deeper', text: plain('Deeper') }] },
  ],
  ...extra,
});

async function start(
  answer: (envelope: ReceivedEnvelope) => Json | 'silent' | undefined = () => undefined,
): Promise<void> {
  slack = await startTestSlack();
  app = await startBareApp(slack, { answer });
}
afterEach(async () => {
  app.stop();
  await slack.stop();
});

/** Somebody types a command, and the app opens a modal with its trigger. */
async function open(title: string, person = 'ada', extra: Json = {}): Promise<Json> {
  const typed = (await slack.person(person).types('/k8s scale', { channel: 'ops' })) as { triggerId: string };
  return app.call('views.open', { trigger_id: typed.triggerId, view: modal(title, extra) });
}
const idOf = (answer: Json) => (answer.view as { id: string }).id;
const hashOf = (answer: Json) => (answer.view as { hash: string }).hash;

test('a trigger opens one view, within three seconds', async () => {
  await start();
  const { triggerId } = (await slack.person('ada').types('/k8s scale', { channel: 'ops' })) as { triggerId: string };
  const late = (await slack.person('ada').types('/k8s scale', { channel: 'ops' })) as { triggerId: string };

  expect(await app.call('views.open', { trigger_id: triggerId, view: modal('Scale') })).toMatchObject({ ok: true });
  expect(await app.call('views.open', { trigger_id: triggerId, view: modal('Scale') })).toMatchObject({
    error: 'exchanged_trigger_id',
  });
  await slack.advance(3_001);
  expect(await app.call('views.open', { trigger_id: late.triggerId, view: modal('Scale') })).toMatchObject({
    error: 'expired_trigger_id',
  });
  expect(await app.call('views.open', { trigger_id: '1.2.abc', view: modal('Scale') })).toMatchObject({
    error: 'invalid_trigger_id',
  });
});

test('each person has a stack of their own, at most three deep', async () => {
  await start();
  await open('First');
  await open('Hers', 'grace');
  for (const title of ['Second', 'Third', 'Fourth']) {
    const press = await slack.person('ada').clicks('modal', 'deeper');
    const answer = await app.call('views.push', { trigger_id: press.triggerId, view: modal(title) });
    expect(answer).toMatchObject(title === 'Fourth' ? { error: 'push_limit_reached' } : { ok: true });
  }

  expect((await slack.person('ada').views()).modals.map((view) => view.title)).toEqual(['First', 'Second', 'Third']);
  expect((await slack.person('grace').views()).modals.map((view) => view.title)).toEqual(['Hers']);
});

test('an update with an old hash is a conflict; the view keeps its id', async () => {
  await start();
  const opened = await open('One');
  const updated = await app.call('views.update', { view_id: idOf(opened), hash: hashOf(opened), view: modal('Two') });

  expect(idOf(updated)).toBe(idOf(opened));
  expect(
    await app.call('views.update', { view_id: idOf(opened), hash: hashOf(opened), view: modal('Three') }),
  ).toMatchObject({
    error: 'hash_conflict',
  });
  expect((await slack.person('ada').modal()).title).toBe('Two');
});

test('external ids are unique', async () => {
  await start();
  await open('One', 'ada', { external_id: 'mine' });

  expect(await open('Two', 'grace', { external_id: 'mine' })).toMatchObject({ error: 'duplicate_external_id' });
  expect(
    await app.call('views.update', { external_id: 'mine', view: modal('Three', { external_id: 'mine' }) }),
  ).toMatchObject({ ok: true });
});

test('what Slack checks itself never reaches the app', async () => {
  await start();
  await open('Scale');

  expect(await slack.person('ada').submits({})).toMatchObject({
    closed: false,
    errors: { why: 'Please complete this required field.' },
  });
  expect(await slack.person('ada').submits({ reason: 'x' })).toMatchObject({
    errors: { why: 'Please enter at least 3 characters.' },
  });
  expect(app.received.filter((one) => one.payload.type === 'view_submission')).toHaveLength(0);
});

test('a submission carries the values and closes the modal when it is acknowledged', async () => {
  await start();
  await open('Scale');

  expect(await slack.person('ada').submits({ reason: 'Black Friday' })).toMatchObject({
    closed: true,
    acknowledged: true,
  });

  const [submission] = app.received.filter((one) => one.payload.type === 'view_submission');
  expect(submission?.payload).toMatchObject({
    user: { id: 'U0ADA' },
    view: {
      callback_id: 'scale',
      private_metadata: 'x1',
      app_installed_team_id: 'T0PRACTICE',
      state: { values: { why: { reason: { type: 'plain_text_input', value: 'Black Friday' } } } },
    },
  });
  expect((await slack.person('ada').views()).modals).toEqual([]);
});

test('errors from the app keep the modal open beside their fields', async () => {
  await start((envelope) =>
    envelope.payload.type === 'view_submission'
      ? { response_action: 'errors', errors: { why: 'Say more.' } }
      : undefined,
  );
  await open('Scale');

  expect(await slack.person('ada').submits({ reason: 'because' })).toMatchObject({
    closed: false,
    errors: { why: 'Say more.' },
  });
  expect((await slack.person('ada').modal()).errors).toEqual({ why: 'Say more.' });
});

test.each([
  'silent' as const,
  { response_action: 'errors', errors: { nowhere: 'x' } },
  { response_action: 'update', view: {} },
])('a submission answered with %j keeps the modal open with Slack\u2019s own sentence', async (answer) => {
  await start((envelope) => (envelope.payload.type === 'view_submission' ? answer : undefined));
  await slack.settings({ ackTimeoutMs: 100 });
  await open('Scale');

  expect(await slack.person('ada').submits({ reason: 'because' })).toMatchObject({
    closed: false,
    trouble: expect.stringContaining('trouble'),
  });
});

test('a submission can be answered with another view, on top or in place', async () => {
  const answers: Json[] = [
    { response_action: 'push', view: modal('On top') },
    { response_action: 'update', view: modal('In place') },
    { response_action: 'clear' },
  ];
  await start((envelope) => (envelope.payload.type === 'view_submission' ? answers.shift() : undefined));
  await open('Scale');
  const titles = async () => (await slack.person('ada').views()).modals.map((view) => view.title);

  await slack.person('ada').submits({ reason: 'because' });
  expect(await titles()).toEqual(['Scale', 'On top']);
  await slack.person('ada').submits({ reason: 'because' });
  expect(await titles()).toEqual(['Scale', 'In place']);
  await slack.person('ada').submits({ reason: 'because' });
  expect(await titles()).toEqual([]);
});

test('closing is told only to apps that asked for it', async () => {
  await start();
  await open('Quiet');
  await slack.person('ada').closes();
  await open('Told', 'ada', { notify_on_close: true });
  await slack.person('ada').closes();

  await expect.poll(() => app.received.filter((one) => one.payload.type === 'view_closed').length).toBe(1);
});

test('a Home is published to one person when they open it', async () => {
  await start();
  const home = (text: string) => ({ type: 'home', blocks: [{ type: 'header', text: plain(text) }] });

  const opening = slack.person('ada').home('Welcome, Ada');
  await expect
    .poll(() => app.received.map((one) => (one.payload.event as Json | undefined)?.type))
    .toContain('app_home_opened');
  const published = await app.call('views.publish', { user_id: 'U0ADA', view: home('Welcome, Ada') });
  await opening;

  expect((await slack.person('grace').views()).home).toBeUndefined();
  expect(await app.call('views.publish', { user_id: 'U0ADA', hash: 'old', view: home('x') })).toMatchObject({
    error: 'hash_conflict',
  });
  expect(await app.call('views.publish', { user_id: 'U0ADA', hash: hashOf(published), view: home('y') })).toMatchObject(
    { ok: true },
  );
});
