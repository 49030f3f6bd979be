import { expect, test } from 'vitest';
import { redactingChat } from '../../../src/access/redact/chat.ts';
import type { Chat } from '../../../src/chat/chat.ts';
import type { Message } from '../../../src/chat/message.ts';

const TOKEN = 'xoxb-123456789012-123456789012-abcdefghijklmnopqrstuvwx';
const MESSAGE: Message = {
  title: 'logs of web',
  parts: [{ kind: 'output', text: `token ${TOKEN}`, filename: 'log.txt' }],
};
const TARGET = { person: { team: 'T1', user: 'U1' }, channel: 'C1', surface: 'slash', receivedAt: 0 } as const;

test('T22: what only one person sees is redacted exactly as what everybody sees', async () => {
  const said: Message[] = [];
  const keep = async (message: Message) => {
    said.push(message);
    return { channel: 'C1', ts: '1.0' };
  };
  const slack = {
    post: (_to: unknown, message: Message) => keep(message),
    answer: async (_to: unknown, message: Message) => ({ kind: 'message', ref: await keep(message) }),
    publishHome: async (_person: unknown, message: Message) => void (await keep(message)),
  } as unknown as Chat;
  const chat = redactingChat(slack);

  await chat.answer(TARGET, MESSAGE, { isPublic: false });
  await chat.answer(TARGET, MESSAGE, { isPublic: true });
  await chat.post({ channel: 'U1' }, MESSAGE);
  await chat.post({ channel: 'C1' }, MESSAGE);
  await chat.publishHome(TARGET.person, MESSAGE);

  expect(new Set(said.map((message) => JSON.stringify(message))).size).toBe(1);
  expect(JSON.stringify(said)).not.toContain(TOKEN);
  expect(said).toHaveLength(5);
});
