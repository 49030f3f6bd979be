import { describe, expect, test } from 'vitest';
import type { Invocation } from '../../../src/chat/invocation.ts';
import { Practice } from '../practice.ts';

async function typed(practice: Practice, text = '/k8s get pods', channel = 'ops'): Promise<Invocation> {
  const before = practice.inbox.invocations.length;
  await practice.type('ada', { channel, text });
  await expect.poll(() => practice.inbox.invocations.length).toBe(before + 1);
  return practice.inbox.invocations[before] as Invocation;
}
const words = async (practice: Practice, person: string, channel: string, thread?: string): Promise<string> =>
  (await practice.sees(person, channel, thread)).map((message) => message.plain).join('\n');

describe('a private answer', () => {
  test('uses the response_url at most five times, then chat.postEphemeral', async () => {
    await using practice = await Practice.open();
    const invocation = await typed(practice);

    for (let index = 0; index < 7; index += 1) await practice.chat.answer(invocation, { title: `answer ${index}` });

    expect((await practice.calls('response_url')).length).toBe(5);
    expect((await practice.calls('chat.postEphemeral')).length).toBe(2);
    expect(await words(practice, 'ada', 'ops')).toContain('answer 6');
    expect(await words(practice, 'grace', 'ops')).not.toContain('answer');
  });

  test('does not use a response_url that is older than half an hour', async () => {
    await using practice = await Practice.open();
    const invocation = await typed(practice);

    await practice.chat.answer({ ...invocation, receivedAt: invocation.receivedAt - 31 * 60_000 }, { title: 'late' });

    expect((await practice.calls('response_url')).length).toBe(0);
    expect(await words(practice, 'ada', 'ops')).toContain('late');
  });

  test('goes to chat.postEphemeral when the response_url is broken', async () => {
    await using practice = await Practice.open();
    const invocation = await typed(practice);
    await practice.faults({ calls: [{ method: 'response_url', status: 500 }] });

    const answer = await practice.chat.answer(invocation, { title: 'anyway' });

    expect(answer.kind).toBe('ephemeral');
    expect(await words(practice, 'ada', 'ops')).toContain('anyway');
  });

  test('goes to a direct message when neither works', async () => {
    await using practice = await Practice.open();
    const invocation = await typed(practice);
    await practice.faults({ calls: [{ method: 'response_url', status: 500 }], kickBot: 'C0OPS' });

    const answer = await practice.chat.answer(invocation, { title: 'directly' });

    expect(answer).toMatchObject({ kind: 'message', ref: { channel: expect.stringMatching(/^D/) } });
    expect(await words(practice, 'ada', '@Shipmate')).toContain('directly');
  });

  test('in the plain form when Slack refuses the rich one', async () => {
    await using practice = await Practice.open();
    const invocation = await typed(practice);
    await practice.faults({
      calls: [
        { method: 'response_url', status: 500 },
        { method: 'chat.postEphemeral', error: 'invalid_blocks', count: 1 },
      ],
    });

    await practice.chat.answer(invocation, { title: 'plainly' });

    expect(practice.metrics.plainForms).toEqual(['invalid_blocks']);
    expect(await words(practice, 'ada', 'ops')).toContain('plainly');
  });

  test('has its file in the person’s direct messages, not in the channel', async () => {
    await using practice = await Practice.open();
    const invocation = await typed(practice);
    const text = Array.from({ length: 400 }, (_line, index) => `line ${index}`).join('\n');

    await practice.chat.answer(invocation, { title: 'logs', parts: [{ kind: 'output', text, filename: 'logs.txt' }] });

    const direct = async () =>
      (await practice.sees('ada', '@Shipmate')).flatMap((message) => message.files.map((file) => file.name));
    await expect.poll(direct).toEqual(['logs.txt']);
    expect(await words(practice, 'ada', 'ops')).toContain('in your direct messages with Shipmate: logs.txt');
    expect(await words(practice, 'grace', 'ops')).not.toContain('logs');
  });
});

describe('a public answer', () => {
  test('to a slash command is a message that can be edited', async () => {
    await using practice = await Practice.open();
    const invocation = await typed(practice);

    const answer = await practice.chat.answer(invocation, { title: 'for all' }, { isPublic: true });
    await practice.chat.replace(answer, { title: 'edited for all' });

    expect(answer.kind).toBe('message');
    expect(await words(practice, 'grace', 'ops')).toContain('edited for all');
  });

  test('where the bot cannot be uses the response_url, visible to all', async () => {
    await using practice = await Practice.open({
      world: {
        channels: [
          { id: 'G0SECRET', name: 'secret', members: ['U0ADA', 'U0GRACE'], botIsMember: false, isPrivate: true },
        ],
      },
    });
    const invocation = await typed(practice, '/k8s get pods', 'secret');

    await practice.chat.answer(invocation, { title: 'for all' }, { isPublic: true });

    expect(await words(practice, 'grace', 'secret')).toContain('for all');
  });
});

describe('an answer to a mention', () => {
  test('from a channel that was archived meanwhile comes directly', async () => {
    await using practice = await Practice.open();
    const invocation = await typed(practice, '@Shipmate k8s get pods');
    await practice.faults({ archive: 'C0OPS' });

    await practice.chat.answer(invocation, { title: 'directly' });

    expect(await words(practice, 'ada', '@Shipmate')).toContain('directly');
  });
});
