import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Ambiguous, NotDelivered } from '../../../src/chat/delivery.ts';
import type { Message } from '../../../src/chat/message.ts';
import { Practice } from '../practice.ts';

const OPS = { channel: 'C0OPS' };
const card = (title: string, more: Partial<Message> = {}): Message => ({
  title,
  metadata: { invocation: `i${title}`, generation: 1 },
  ...more,
});
const words = async (practice: Practice, channel = 'ops', thread?: string): Promise<string> =>
  (await practice.sees('ada', channel, thread)).map((message) => message.plain).join('\n');

async function closedPort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

describe('posting', () => {
  test.each([
    ['the answer is cut off', { dropAfter: true }],
    ['a gateway gave up after it was carried out', { statusAfter: 502 as const }],
  ])('when %s, the message is found by its metadata and not posted twice', async (_name, fault) => {
    await using practice = await Practice.open();
    await practice.faults({ calls: [{ method: 'chat.postMessage', count: 1, ...fault }] });

    const ref = await practice.chat.post(OPS, card('once'));

    const posted = (await practice.sees('ada', 'ops')).filter((message) => message.plain.includes('once'));
    expect(posted.map((message) => message.ts)).toEqual([ref.ts]);
    expect((await practice.calls('chat.postMessage')).length).toBe(1);
  });

  test('when Slack hangs until the call is given up, it is looked for and never posted twice', async () => {
    await using practice = await Practice.open();
    const since = Date.now();
    await practice.faults({ calls: [{ method: 'chat.postMessage', hangMs: 10_500, count: 1 }] });

    await practice.chat.post(OPS, card('late')).catch((error) => expect(error).toBeInstanceOf(Ambiguous));

    await expect
      .poll(() => practice.chat.find({ ...OPS, since }, { invocation: 'ilate' }), { timeout: 5_000 })
      .toMatchObject(OPS);
    expect((await practice.calls('chat.postMessage')).length).toBe(1);
    expect((await words(practice)).match(/late/g)?.length).toBe(1);
  });

  test('an internal error of Slack without a message is not known either, and nothing is posted again', async () => {
    await using practice = await Practice.open();
    await practice.faults({ calls: [{ method: 'chat.postMessage', status: 500, count: 1 }] });

    await expect(practice.chat.post(OPS, card('never'))).rejects.toBeInstanceOf(Ambiguous);

    expect(await words(practice)).not.toContain('never');
    expect((await practice.calls('chat.postMessage')).length).toBe(1);
  });

  test('what Slack refuses is certain, with its code', async () => {
    await using practice = await Practice.open();

    const outcome = practice.chat.post({ channel: 'C0NOWHERE' }, card('x'));

    await expect(outcome).rejects.toMatchObject({ slackError: 'channel_not_found', retryable: false });
  });

  test('with nobody listening it is certain that nothing was sent', async () => {
    await using practice = await Practice.open();
    const chat = practice.another({ apiUrl: `http://127.0.0.1:${await closedPort()}/api/` });

    const outcome = chat.post(OPS, card('x'));

    await expect(outcome).rejects.toBeInstanceOf(NotDelivered);
    await expect(outcome).rejects.toMatchObject({ slackError: 'unreachable', retryable: true });
  });

  test('a 429 on one channel delays neither another channel nor a dialog', async () => {
    await using practice = await Practice.open();
    await practice.type('ada', { channel: 'ops', text: '/k8s get pods' });
    await practice.faults({
      calls: [{ method: 'chat.postMessage', status: 429, retryAfterSeconds: 2, count: 1, channel: 'C0OPS' }],
    });

    const startedAt = performance.now();
    const slow = practice.chat.post(OPS, card('slow')).then(() => performance.now() - startedAt);
    await expect.poll(async () => (await practice.calls('chat.postMessage')).length).toBe(1);
    await practice.chat.post({ channel: 'C0ALERTS' }, card('quick'));
    await practice.chat.openModal(practice.inbox.invocations[0]?.triggerId ?? '', {
      callback: 'c',
      subject: 's',
      title: 'T',
      submit: 'S',
      parts: [],
      fields: [{ name: 'a', label: 'A' }],
    });
    const quickMs = performance.now() - startedAt;

    expect(quickMs).toBeLessThan(1_500);
    expect(await slow).toBeGreaterThanOrEqual(1_900);
    expect((await practice.calls('chat.postMessage')).filter((call) => call.ok).length).toBe(2);
  });

  test('a post that hangs delays no other post in the same channel', async () => {
    await using practice = await Practice.open();
    await practice.faults({ calls: [{ method: 'chat.postMessage', hangMs: 3_000, count: 1 }] });

    const startedAt = performance.now();
    const slow = practice.chat.post(OPS, card('slow'));
    await practice.chat.post(OPS, card('quick'));

    expect(performance.now() - startedAt).toBeLessThan(1_500);
    await slow;
  });

  test('a burst is paced so that Slack never has to refuse', async () => {
    await using practice = await Practice.open();

    await Promise.all(Array.from({ length: 6 }, (_post, index) => practice.chat.post(OPS, card(`burst ${index}`))));

    const calls = await practice.calls('chat.postMessage');
    expect(calls.length).toBe(6);
    expect(calls.filter((call) => call.status === 429)).toEqual([]);
  });

  test('a rich form that Slack refuses is sent in the plain form, once, and counted', async () => {
    await using practice = await Practice.open();
    await practice.faults({ calls: [{ method: 'chat.postMessage', error: 'invalid_blocks', count: 1 }] });

    await practice.chat.post(OPS, card('plain', { parts: [{ kind: 'output', text: 'a\nb', filename: 'x.txt' }] }));

    const seen = (await practice.sees('ada', 'ops')).at(-1);
    expect(seen?.blocks?.map((block) => block.type)).toEqual(['section']);
    expect(practice.metrics.plainForms).toEqual(['invalid_blocks']);
  });

  test('a public channel that it is not in is joined', async () => {
    await using practice = await Practice.open();
    await practice.faults({ kickBot: 'C0OPS' });

    await practice.chat.post(OPS, card('joined'));

    expect(await words(practice)).toContain('joined');
  });

  test('nothing is unfurled and nobody is pinged by data', async () => {
    await using practice = await Practice.open();

    await practice.chat.post(OPS, card('<!channel> <@U0ADA> https://evil.io'));

    const [call] = await practice.calls('chat.postMessage');
    expect(String(call?.args.unfurl_links)).toBe('false');
    expect(String(call?.args.text)).not.toContain('<!channel>');
  });

  test('a person’s id is the way to their direct messages', async () => {
    await using practice = await Practice.open();
    const since = Date.now();

    const ref = await practice.chat.post({ channel: 'U0ADA' }, card('direct'));

    expect(ref.channel).toMatch(/^D/);
    expect(await words(practice, '@Shipmate')).toContain('direct');
    expect(await practice.chat.find({ channel: 'U0ADA', since }, { invocation: 'idirect' })).toEqual(ref);
  });
});

describe('finding', () => {
  test('looks into threads and takes only the message that was meant', async () => {
    await using practice = await Practice.open();
    const since = Date.now();
    const root = await practice.chat.post(OPS, card('root'));
    const reply = await practice.chat.post({ ...OPS, thread: root.ts }, card('reply'));

    expect(await practice.chat.find({ ...OPS, thread: root.ts, since }, { invocation: 'ireply' })).toEqual(reply);
    expect(await practice.chat.find({ ...OPS, since }, { invocation: 'iroot' })).toEqual(root);
    expect(await practice.chat.find({ ...OPS, since }, { invocation: 'iother' })).toBeUndefined();
  });
});

describe('editing', () => {
  test('edits that come fast are coalesced, and the last one always goes out', async () => {
    await using practice = await Practice.open();
    const ref = await practice.chat.post(OPS, card('start'));

    const edits = Array.from({ length: 20 }, (_edit, index) => practice.chat.update(ref, card(`step ${index}`)));
    await Promise.all(edits);

    expect(await words(practice)).toContain('step 19');
    expect((await practice.calls('chat.update')).length).toBeLessThanOrEqual(3);
  });

  test('an edit without an answer is made again: it can do no harm', async () => {
    await using practice = await Practice.open();
    const ref = await practice.chat.post(OPS, card('start'));
    await practice.faults({ calls: [{ method: 'chat.update', status: 503, count: 2 }] });

    await practice.chat.update(ref, card('done'));

    expect(await words(practice)).toContain('done');
  });

  test('an edit of a deleted message fails with Slack’s word for it', async () => {
    await using practice = await Practice.open();

    const outcome = practice.chat.update({ channel: 'C0OPS', ts: '1.000100' }, card('x'));

    await expect(outcome).rejects.toMatchObject({ slackError: 'message_not_found' });
  });
});

describe('files', () => {
  const long = card('logs', {
    parts: [
      { kind: 'output', text: Array.from({ length: 400 }, (_l, i) => `line ${i}`).join('\n'), filename: 'logs.txt' },
    ],
  });
  const files = async (practice: Practice, thread: string): Promise<string[]> =>
    (await practice.sees('ada', 'ops', thread)).flatMap((message) => message.files.map((file) => file.name));

  test('long output is in the thread, once, however often its message is edited', async () => {
    await using practice = await Practice.open();

    const ref = await practice.chat.post(OPS, long);
    await expect.poll(() => files(practice, ref.ts)).toEqual(['logs.txt']);
    await practice.chat.update(ref, long);

    expect(await files(practice, ref.ts)).toEqual(['logs.txt']);
    expect((await practice.calls('files.getUploadURLExternal')).length).toBe(1);
  });

  test('without the scope the message says so, and so does health', async () => {
    await using practice = await Practice.open({ start: false });
    await practice.faults({ removeScope: 'files:write' });
    await practice.chat.start(practice.inbox);

    await practice.chat.post(OPS, long);

    expect(await words(practice)).toContain('does not grant Shipmate the scope files:write');
    expect(practice.chat.health().missing).toMatchObject([{ scope: 'files:write', feature: 'long output' }]);
    expect(practice.logs.join()).toContain('does not grant a scope');
  });

  test('a scope that is lost later is noticed, and the message is corrected', async () => {
    await using practice = await Practice.open();
    await practice.faults({ removeScope: 'files:write' });

    await practice.chat.post(OPS, long);

    await expect.poll(() => words(practice)).toContain('does not grant Shipmate the scope files:write');
    expect(practice.chat.health().missing).toMatchObject([{ scope: 'files:write' }]);
  });

  test('an upload that fails costs only the file', async () => {
    await using practice = await Practice.open();
    await practice.faults({ calls: [{ method: 'files.completeUploadExternal', error: 'internal_error' }] });

    await practice.chat.post(OPS, long);

    await expect.poll(() => words(practice)).toContain('Slack did not take the file');
  });
});
