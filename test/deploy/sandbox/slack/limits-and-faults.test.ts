import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestSlack, type TestSlack } from '../../../support/practice-slack.ts';

let slack: TestSlack;
const post = (text: string, channel = 'C0OPS'): Promise<Response> =>
  fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.world.app.botToken}` },
    body: new URLSearchParams({ channel, text }),
  });
const statuses = async (count: number, channel?: string): Promise<number[]> => {
  const answers: Response[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await post(`message ${index}`, channel));
  return answers.map((answer) => answer.status);
};

beforeEach(async () => {
  slack = await startTestSlack();
});
afterEach(() => slack.stop());

test('a burst of four posts into one channel goes through, the fifth is told to wait; other channels are free', async () => {
  expect(await statuses(4)).toEqual([200, 200, 200, 200]);
  const fifth = await post('five');

  expect(fifth.status).toBe(429);
  expect(fifth.headers.get('retry-after')).toBe('1');
  expect(await statuses(1, 'C0ALERTS')).toEqual([200]);
  await slack.advance(1_000);
  expect((await post('six')).status).toBe(200);
});

test('benches may switch the limit off', async () => {
  await slack.settings({ postLimit: false });

  expect(new Set(await statuses(30))).toEqual(new Set([200]));
});

test('a method can be made to fail a number of times, as 429, 5xx or an error word', async () => {
  await slack.breaks({
    calls: [
      { method: 'chat.postMessage', status: 429, retryAfterSeconds: 7, count: 1 },
      { method: 'chat.postMessage', status: 503, count: 1 },
      { method: 'chat.postMessage', error: 'fatal_error', count: 1 },
    ],
  });

  const limited = await post('one');
  const down = await post('two');
  const refused = await post('three');

  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  expect(down.status).toBe(503);
  expect(await refused.json()).toMatchObject({ ok: false, error: 'fatal_error' });
  expect((await post('four')).status).toBe(200);
  expect((await slack.calls('chat.postMessage')).map((call) => [call.status, call.ok])).toEqual([
    [429, false],
    [503, false],
    [200, false],
    [200, true],
  ]);
});

test('a call can be carried out while its answer is lost', async () => {
  await slack.breaks({ calls: [{ method: 'chat.postMessage', dropAfter: true, count: 1 }] });
  await expect(post('dropped')).rejects.toThrow();
  await slack.breaks({ calls: [{ method: 'chat.postMessage', statusAfter: 502, count: 1 }] });
  expect((await post('bad gateway')).status).toBe(502);

  expect(await slack.person('ada').sawOnly('ops')).toEqual(['dropped', 'bad gateway']);
});

test('a hanging call answers late, and faults can be cleared', async () => {
  await slack.breaks({ calls: [{ method: 'chat.postMessage', hangMs: 60_000 }] });
  const hanging = fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', signal: AbortSignal.timeout(50) });
  await expect(hanging).rejects.toThrow();

  await slack.repairs();

  expect((await post('again')).status).toBe(200);
});

test('tokens can expire, and channels can be archived', async () => {
  await slack.breaks({ tokens: 'token_expired' });
  expect(await (await post('x')).json()).toMatchObject({ error: 'token_expired' });

  await slack.breaks({ tokens: 'ok', archive: '#ops' });

  expect(await (await post('x')).json()).toMatchObject({ error: 'is_archived' });
  await expect(slack.person('ada').types('hello', { channel: 'ops' })).rejects.toThrow('is_archived');
});

test('a fault that does not exist is refused instead of breaking nothing', async () => {
  const typo = { calls: [{ method: 'chat.postMessage', stauts: 503 }] };

  await expect(slack.control.post('faults', typo)).rejects.toThrow(
    'faults.calls has no field "stauts". Known: method, status',
  );
  await expect(slack.control.post('faults', { calls: [{ status: 503 }] })).rejects.toThrow('needs a method');
  await expect(slack.control.post('settings', { postLimits: false })).rejects.toThrow(
    'settings has no field "postLimits"',
  );
});
