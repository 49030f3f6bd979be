import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSlack, type TestSlack } from '../../../support/practice-slack.ts';
import { apiCall } from '../../../support/practice-slack-app.ts';

let slack: TestSlack;
const channel = 'C0OPS';
const sent: string[] = [];
const call = (method: string, args: Record<string, unknown>) => apiCall(slack, method, args, slack.world.app.botToken);
const texts = (answer: Record<string, unknown>) =>
  (answer.messages as { text: string }[]).map((message) => message.text);

beforeAll(async () => {
  slack = await startTestSlack();
  await slack.settings({ postLimit: false });
  for (const text of ['one', 'two', 'three', 'four', 'five']) {
    sent.push(String((await call('chat.postMessage', { channel, text })).ts));
  }
  for (const text of ['first reply', 'second reply'])
    await call('chat.postMessage', { channel, text, thread_ts: sent[1] });
});
afterAll(() => slack.stop());

test('history is newest first, in pages, without replies', async () => {
  const first = await call('conversations.history', { channel, limit: 3 });
  const { next_cursor: cursor } = first.response_metadata as { next_cursor: string };
  const second = await call('conversations.history', { channel, limit: 3, cursor });

  expect(texts(first)).toEqual(['five', 'four', 'three']);
  expect(first.has_more).toBe(true);
  expect(texts(second)).toEqual(['two', 'one']);
  expect(second.has_more).toBe(false);
});

test('oldest and latest leave their own message out unless inclusive', async () => {
  const range = { channel, oldest: sent[1], latest: sent[3] };

  expect(texts(await call('conversations.history', range))).toEqual(['three']);
  expect(texts(await call('conversations.history', { ...range, inclusive: true }))).toEqual(['four', 'three', 'two']);
});

test('replies begin with the parent, which knows how many there are', async () => {
  const answer = await call('conversations.replies', { channel, ts: sent[1] });

  expect(texts(answer)).toEqual(['two', 'first reply', 'second reply']);
  const [parent, reply] = answer.messages as Record<string, unknown>[];
  expect(parent).toMatchObject({ reply_count: 2, thread_ts: sent[1], reply_users: ['U0SHIPMATE'] });
  expect(reply).toMatchObject({ thread_ts: sent[1], parent_user_id: 'U0SHIPMATE' });
  expect(await call('conversations.replies', { channel, ts: '1.000001' })).toMatchObject({ error: 'thread_not_found' });
});

test('metadata is returned only when it is asked for', async () => {
  const metadata = { event_type: 'shipmate', event_payload: { invocation: 'i7', generation: 2 } };
  await call('chat.postMessage', { channel, text: 'marked', metadata });

  const [silent] = (await call('conversations.history', { channel, limit: 1 })).messages as Record<string, unknown>[];
  const [full] = (await call('conversations.history', { channel, limit: 1, include_all_metadata: true }))
    .messages as Record<string, unknown>[];

  expect(silent).not.toHaveProperty('metadata');
  expect(full?.metadata).toEqual(metadata);
});

test('a channel keeps its newest messages only, replies counted', async () => {
  const { Messages } = await import('../../../../deploy/sandbox/slack/store/messages.ts');
  const messages = new Messages(100);
  for (let index = 1; index <= 1_000; index += 1) {
    const ts = `${index}.000000`;
    messages.add({
      channel: 'C',
      ts,
      user: 'U',
      team: 'T',
      text: ts,
      reactions: new Map(),
      ...(index % 3 === 0 ? { parentTs: `${index - 1}.000000` } : {}),
    });
  }

  const kept = messages.top('C').reduce((sum, message) => sum + 1 + messages.replies('C', message.ts).length, 0);
  expect(kept).toBeLessThanOrEqual(100);
  expect(messages.latestTs('C')).toBe('1000.000000');
});
