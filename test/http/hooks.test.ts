import { afterEach, describe, expect, test } from 'vitest';
import { BadRequest, type Hook } from '../../src/http/hooks.ts';
import { startHttp } from '../../src/http/server.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const TOKEN = 'a-token-of-some-length';

async function serve(
  take: Hook['take'],
  path: Hook['path'] = '/hooks',
): Promise<(token: string, init?: RequestInit) => Promise<Response>> {
  const http = await startHttp(0, {
    metrics: async () => ({ contentType: 'text/plain', body: '' }),
    probes: async () => [],
    hooks: [{ path, token: TOKEN, take }],
  });
  stops.push(() => http.stop());
  return (token, init) =>
    fetch(`http://127.0.0.1:${http.port}${path}/${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"title":"x"}',
      ...init,
    });
}

describe('a hook', () => {
  test('answers 202 once what was said is taken', async () => {
    const seen: unknown[] = [];
    const send = await serve(async (body) => {
      seen.push(body);
      return { accepted: 1, skipped: [] };
    });

    const answer = await send(TOKEN);

    expect([answer.status, await answer.json()]).toEqual([202, { accepted: 1, skipped: [] }]);
    expect(seen).toEqual([{ title: 'x' }]);
  });

  test('takes forms, too, as GoAlert’s senders use them', async () => {
    const seen: unknown[] = [];
    const send = await serve(async (body) => {
      seen.push(body);
      return { accepted: 1, skipped: [] };
    });

    await send(TOKEN, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'summary=Disk+full&action=close',
    });

    expect(seen).toEqual([{ summary: 'Disk full', action: 'close' }]);
  });

  test('takes JSON that curl calls a form, and fields in the query', async () => {
    const seen: unknown[] = [];
    const send = await serve(async (body) => {
      seen.push(body);
      return { accepted: 1, skipped: [] };
    });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };

    await send(TOKEN, { headers: form, body: '{"title":"Disk full"}' });
    await send(`${TOKEN}?summary=Disk+full&dedup=d1`, { headers: {}, body: null });
    await send(`${TOKEN}?summary=other&dedup=d1`, { headers: form, body: 'summary=Disk+full' });

    expect(seen).toEqual([
      { title: 'Disk full' },
      { summary: 'Disk full', dedup: 'd1' },
      { summary: 'Disk full', dedup: 'd1' },
    ]);
  });

  test('does not exist under another token or path', async () => {
    const send = await serve(async () => ({ accepted: 1, skipped: [] }), '/hooks/alertmanager');

    expect((await send('wrong-token-of-length')).status).toBe(404);
    expect((await send('short')).status).toBe(404);
    expect((await send(TOKEN)).status).toBe(202);
  });

  test('says what is wrong with a body, and that sending it again is no use', async () => {
    const send = await serve(async () => {
      throw new BadRequest('A `title` is missing.');
    });

    const answer = await send(TOKEN);

    expect([answer.status, await answer.json()]).toEqual([400, { error: 'A `title` is missing.' }]);
  });

  test('asks to come again when nothing could be recorded, without saying why', async () => {
    const send = await serve(async () => {
      throw new Error('etcd at 10.0.0.1 is away');
    });

    const answer = await send(TOKEN);

    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('10');
    expect(await answer.text()).not.toContain('10.0.0.1');
  });

  test('refuses what is no JSON, and what is too long', async () => {
    const send = await serve(async () => ({ accepted: 1, skipped: [] }));

    expect((await send(TOKEN, { body: '{"title":' })).status).toBe(400);
    expect((await send(TOKEN, { body: JSON.stringify({ title: 'x'.repeat(8_400_000) }) })).status).toBe(413);
  });
});
