import { describe, expect, test } from 'vitest';
import type { SlackEvent } from '../../../src/chat/inbound/payloads.ts';
import { readCommand, readHomeOpener, readMessage, readPress, readSubmission } from '../../../src/chat/inbound/read.ts';
import { idOf } from '../../../src/ids.ts';

const BOT = 'U0BOT';
const NOW = 1_800_000_000_000;

const message = (event: Partial<SlackEvent>, team = 'T1') =>
  readMessage(
    {
      type: 'event_callback',
      team_id: team,
      event: {
        type: 'app_mention',
        user: 'U1',
        channel: 'C1',
        ts: '1.000100',
        text: '<@U0BOT> k8s get pods',
        ...event,
      },
    },
    BOT,
    NOW,
  );

describe('a slash command', () => {
  const payload = {
    command: '/k8s',
    text: 'get pods  -n “dev”',
    team_id: 'T1',
    user_id: 'U1',
    channel_id: 'C1',
    trigger_id: '1.2.3',
    response_url: 'https://hooks.slack.com/x',
  };

  test('keeps what was typed, untouched', () => {
    expect(readCommand(payload, NOW)).toEqual({
      id: idOf('T1', '1.2.3'),
      raw: '/k8s get pods  -n “dev”',
      surface: 'slash',
      person: { team: 'T1', user: 'U1' },
      channel: 'C1',
      responseUrl: 'https://hooks.slack.com/x',
      triggerId: '1.2.3',
      receivedAt: NOW,
    });
  });

  test('without text is the command word alone', () => {
    expect(readCommand({ ...payload, text: '' }, NOW).raw).toBe('/k8s');
  });

  test('delivered again is the same invocation', () => {
    expect(readCommand(payload, NOW + 5_000).id).toBe(readCommand(payload, NOW).id);
  });

  test('on Enterprise Grid carries the enterprise', () => {
    expect(readCommand({ ...payload, enterprise_id: 'E1' }, NOW).person).toEqual({
      enterprise: 'E1',
      team: 'T1',
      user: 'U1',
    });
  });
});

describe('a mention', () => {
  test('is answered in a thread under it', () => {
    expect(message({})).toMatchObject({ raw: 'k8s get pods', surface: 'mention', channel: 'C1', thread: '1.000100' });
  });

  test('in a thread is answered in that thread', () => {
    expect(message({ thread_ts: '0.5' })?.thread).toBe('0.5');
  });

  test.each([
    ['please <@U0BOT|shipmate>: k8s get pods', 'k8s get pods'],
    ['<@U0BOT>, /k8s get <@U2>', '/k8s get <@U2>'],
    ['thanks <@U0BOT>', ''],
  ])('%s', (text, raw) => {
    expect(message({ text })?.raw).toBe(raw);
  });

  test('has one id by whichever of its two events it comes', () => {
    const id = message({ client_msg_id: 'c-1' })?.id;

    expect(id).toBe(idOf('T1', 'C1', 'c-1'));
    expect(message({ type: 'message', channel_type: 'channel', client_msg_id: 'c-1' })).toBeUndefined();
  });

  test('from another workspace in a shared channel carries the person’s own team', () => {
    expect(message({ user_team: 'T9' })?.person).toEqual({ team: 'T9', user: 'U1' });
  });
});

describe('a direct message', () => {
  const direct = { type: 'message', channel: 'D1', channel_type: 'im', text: 'k8s get pods' };

  test('needs no mention and is answered in the conversation', () => {
    expect(message(direct)).toMatchObject({ raw: 'k8s get pods', surface: 'direct', channel: 'D1', thread: undefined });
  });

  test('with a mention is read once, as a message', () => {
    expect(message({ ...direct, type: 'app_mention' })).toBeUndefined();
    expect(message({ ...direct, text: '<@U0BOT> k8s get pods' })?.raw).toBe('k8s get pods');
  });
});

describe('not for us', () => {
  test.each<[string, Partial<SlackEvent>]>([
    ['another bot', { bot_id: 'B1' }],
    ['another app', { app_id: 'A1' }],
    ['our own words', { user: BOT }],
    ['Slackbot', { user: 'USLACKBOT' }],
    ['an edit', { edited: { user: 'U1' } }],
    ['a hidden message', { hidden: true }],
    ['a special message', { subtype: 'channel_join' }],
    ['talk in a channel', { type: 'message', channel_type: 'channel' }],
    ['something without a person', { user: undefined }],
  ])('%s', (_name, event) => {
    expect(message(event)).toBeUndefined();
  });
});

describe('a button', () => {
  const press = {
    type: 'block_actions',
    user: { id: 'U1', team_id: 'T9' },
    team: { id: 'T1' },
    trigger_id: '5.6',
    response_url: 'https://hooks.slack.com/y',
    channel: { id: 'C1' },
    container: { type: 'message', message_ts: '2.2', channel_id: 'C1', thread_ts: '1.1', is_ephemeral: true },
    actions: [{ action_id: 'confirm', value: 'iabc.1' }],
  };

  test('carries the clicker’s own team, not the app’s', () => {
    expect(readPress(press, NOW)).toEqual({
      id: idOf('T1', '5.6'),
      action: 'confirm',
      value: 'iabc.1',
      person: { team: 'T9', user: 'U1' },
      channel: 'C1',
      message: { channel: 'C1', ts: '2.2' },
      ephemeral: true,
      thread: '1.1',
      responseUrl: 'https://hooks.slack.com/y',
      triggerId: '5.6',
      receivedAt: NOW,
    });
  });

  test('on App Home has no message', () => {
    const home = { ...press, channel: undefined, container: { type: 'view' } };

    expect(readPress(home, NOW)).toMatchObject({ message: undefined, channel: '', ephemeral: false });
  });

  test('in a menu carries what was chosen beside its subject', () => {
    const action = { action_id: 'snooze', selected_option: { value: 'k3f9q2x.4 30m' } };
    const chosen = { type: 'block_actions', user: { id: 'U0ADA' }, actions: [action] };

    expect(readPress(chosen, NOW)).toMatchObject({ action: 'snooze', value: 'k3f9q2x.4', option: '30m' });
    const none = { ...chosen, actions: [{ action_id: 'snooze', selected_option: null }] };
    expect(readPress(none, NOW)).toMatchObject({ value: '' });
  });
});

test('a dialog’s id is that of its view and hash, and its values stand by field name', () => {
  const submission = readSubmission(
    {
      type: 'view_submission',
      user: { id: 'U1', team_id: 'T1' },
      team: { id: 'T1' },
      view: {
        id: 'V1',
        hash: 'h1',
        callback_id: 'scale',
        private_metadata: 'iabc.1',
        state: { values: { reason: { entry: { value: 'load' } }, note: { entry: { value: null } } } },
      },
    },
    NOW,
  );

  expect(submission).toMatchObject({
    id: idOf('T1', 'V1', 'h1'),
    callback: 'scale',
    subject: 'iabc.1',
    values: { reason: 'load', note: '' },
  });
});

test('only the Home tab counts as opening Home', () => {
  const opened = (tab: string) =>
    readHomeOpener({ team_id: 'T1', event: { type: 'app_home_opened', user: 'U1', tab } });

  expect(opened('home')).toEqual({ team: 'T1', user: 'U1' });
  expect(opened('messages')).toBeUndefined();
});
