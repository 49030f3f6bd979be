import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSlack, type TestSlack } from '../../../support/practice-slack.ts';
import { apiCall } from '../../../support/practice-slack-app.ts';

let slack: TestSlack;
const call = (
  method: string,
  args: Record<string, unknown> = {},
  token: string | undefined = slack.world.app.botToken,
) => apiCall(slack, method, args, token);

beforeAll(async () => {
  slack = await startTestSlack({
    world: {
      channels: [
        { id: 'C0OPS', name: 'ops', members: ['U0ADA', 'U0GRACE'], botIsMember: true },
        { id: 'C0OTHER', name: 'other', members: ['U0ADA'], botIsMember: false },
        { id: 'C0SECRET', name: 'secret', members: ['U0ADA'], botIsMember: false, isPrivate: true },
        { id: 'C0OLD', name: 'old', members: ['U0ADA'], botIsMember: true, isArchived: true },
      ],
    },
  });
  await slack.settings({ postLimit: false });
});
afterAll(() => slack.stop());

describe('tokens and scopes', () => {
  test('a call without a token is not authed, with a wrong one invalid', async () => {
    expect(await apiCall(slack, 'auth.test', {})).toMatchObject({ ok: false, error: 'not_authed' });
    expect(await call('auth.test', {}, 'xoxb-other')).toMatchObject({ ok: false, error: 'invalid_auth' });
  });

  test('the token may also be an argument, and arguments a form', async () => {
    const body = new URLSearchParams({ token: slack.world.app.botToken });
    const response = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', body });

    expect(await response.json()).toMatchObject({ ok: true, user_id: 'U0SHIPMATE', team_id: 'T0PRACTICE' });
    expect(response.headers.get('x-oauth-scopes')).toContain('chat:write');
  });

  test('the app token opens connections and nothing else', async () => {
    const { appToken } = slack.world.app;
    expect(await call('apps.connections.open', {}, appToken)).toMatchObject({
      ok: true,
      url: expect.stringMatching(/^ws:/),
    });
    expect(await call('auth.test', {}, appToken)).toMatchObject({ ok: false, error: 'not_allowed_token_type' });
    expect(await call('apps.connections.open')).toMatchObject({ ok: false, error: 'not_allowed_token_type' });
  });

  test('a scope that was taken away is named in the refusal', async () => {
    await slack.breaks({ removeScope: 'usergroups:read' });

    expect(await call('usergroups.list')).toMatchObject({
      ok: false,
      error: 'missing_scope',
      needed: 'usergroups:read',
    });

    await slack.breaks({ addScope: 'usergroups:read' });
    expect(await call('usergroups.list', { include_users: true })).toMatchObject({
      usergroups: [{ handle: 'oncall', users: ['U0GRACE'] }],
    });
  });

  test('an unknown method says so', async () => {
    expect(await call('chat.shout')).toMatchObject({ ok: false, error: 'unknown_method' });
  });
});

describe('posting', () => {
  test.each([
    ['a channel that does not exist', { channel: 'C0NONE', text: 'x' }, 'channel_not_found'],
    ['a public channel it is not in', { channel: 'C0OTHER', text: 'x' }, 'not_in_channel'],
    ['a private channel it is not in', { channel: 'C0SECRET', text: 'x' }, 'channel_not_found'],
    ['an archived channel', { channel: 'C0OLD', text: 'x' }, 'is_archived'],
    ['nothing at all', { channel: 'C0OPS' }, 'no_text'],
    ['a reply to nothing', { channel: 'C0OPS', text: 'x', thread_ts: '1.000001' }, 'thread_not_found'],
    [
      'metadata without a type',
      { channel: 'C0OPS', text: 'x', metadata: { event_payload: {} } },
      'invalid_metadata_schema',
    ],
  ])('%s is refused', async (_name, args, error) => {
    expect(await call('chat.postMessage', args)).toMatchObject({ ok: false, error });
  });

  test('blocks are checked, and the answer says what is wrong where', async () => {
    const blocks = Array.from({ length: 51 }, () => ({ type: 'divider' }));

    expect(await call('chat.postMessage', { channel: 'C0OPS', text: 'x', blocks })).toMatchObject({
      ok: false,
      error: 'invalid_blocks',
      response_metadata: { messages: ['[ERROR] no more than 50 items allowed [json-pointer:/blocks]'] },
    });
    expect(await call('blocks.validate', { blocks })).toMatchObject({ ok: false, error: 'invalid_blocks' });
  });

  test('a text over 40,000 characters is cut; an edit over 4,000 is refused', async () => {
    const { ts, message } = await call('chat.postMessage', { channel: 'C0OPS', text: 'x'.repeat(40_001) });

    expect((message as { text: string }).text).toHaveLength(40_000);
    expect(await call('chat.update', { channel: 'C0OPS', ts, text: 'x'.repeat(4_001) })).toMatchObject({
      error: 'msg_too_long',
    });
  });

  test('an edit keeps what it does not name, and only the bot\u2019s own messages can be edited', async () => {
    const blocks = [{ type: 'divider' }];
    const metadata = { event_type: 'shipmate', event_payload: { invocation: 'i1', generation: 1 } };
    const { ts } = await call('chat.postMessage', { channel: 'C0OPS', text: 'one', blocks, metadata });
    const typed = await slack.person('ada').types('mine', { channel: 'ops' });

    expect(await call('chat.update', { channel: 'C0OPS', ts, text: 'two' })).toMatchObject({
      ok: true,
      message: { text: 'two', blocks: [{ type: 'divider' }], metadata, edited: { user: 'U0SHIPMATE' } },
    });
    const adas = 'ts' in typed ? typed.ts : '';
    expect(await call('chat.update', { channel: 'C0OPS', ts: adas, text: 'x' })).toMatchObject({
      error: 'cant_update_message',
    });
    expect(await call('chat.delete', { channel: 'C0OPS', ts: adas })).toMatchObject({ error: 'cant_delete_message' });
    expect(await call('chat.update', { channel: 'C0OPS', ts: '1.000001', text: 'x' })).toMatchObject({
      error: 'message_not_found',
    });
  });

  test('a person\u2019s id posts into their direct message', async () => {
    const { channel } = await call('chat.postMessage', { channel: 'U0ADA', text: 'psst' });

    expect(channel).toMatch(/^D/);
    await slack.person('ada').sees('@Shipmate', 'psst');
    expect((await call('conversations.open', { users: 'U0ADA' })).channel).toMatchObject({ id: channel });
  });
});

describe('ephemeral messages', () => {
  test('are refused for people who are not in the channel', async () => {
    expect(await call('chat.postEphemeral', { channel: 'C0OPS', user: 'U0LINUS', text: 'x' })).toMatchObject({
      error: 'user_not_in_channel',
    });
    expect(await call('chat.postEphemeral', { channel: 'C0OPS', user: 'U0NOBODY', text: 'x' })).toMatchObject({
      error: 'user_not_found',
    });
  });

  test('are seen by their owner only, are in no history, and are gone after a reload', async () => {
    const { message_ts: ts } = await call('chat.postEphemeral', { channel: 'C0OPS', user: 'U0ADA', text: 'for ada' });

    const seen = await slack.person('ada').sees('ops', 'for ada');
    expect(seen.ephemeral).toBe(true);
    expect(await slack.person('grace').sawOnly('ops')).not.toContain('for ada');
    const { messages } = await call('conversations.history', { channel: 'C0OPS' });
    expect(messages).not.toContainEqual(expect.objectContaining({ ts }));
    expect(await call('chat.update', { channel: 'C0OPS', ts, text: 'x' })).toMatchObject({
      error: 'message_not_found',
    });

    await slack.person('ada').reloads();
    expect(await slack.person('ada').sawOnly('ops')).not.toContain('for ada');
  });
});
