import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { post, retryAfter } from '../../../src/bridges/out/post.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function sink(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const send = (url: string, signal = new AbortController().signal) => post({ url, body: '{}', signal, now: 0 });
const answering = (status: number, headers: Record<string, string> = {}): RequestListener => {
  return (request: IncomingMessage, response) => {
    request.resume();
    response.writeHead(status, headers).end('{"error":"because"}');
  };
};

describe('sending to another system', () => {
  test('is done with any 2xx', async () => {
    expect(await send(await sink(answering(202)))).toMatchObject({ ok: true });
  });

  test.each([400, 401, 403, 404, 422, 301])('is refused for good with %i', async (status) => {
    expect(await send(await sink(answering(status, { location: '/elsewhere' })))).toMatchObject({
      ok: false,
      permanent: true,
      error: expect.stringContaining(String(status)),
    });
  });

  test.each([408, 429, 500, 502, 503])('is tried again after %i', async (status) => {
    expect(await send(await sink(answering(status)))).toMatchObject({ ok: false, permanent: false });
  });

  test('waits for as long as it is asked to', async () => {
    expect(await send(await sink(answering(429, { 'retry-after': '17' })))).toMatchObject({ retryAfterMs: 17_000 });
    expect(retryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 0)).toBe(60_000);
    expect(retryAfter('99999999', 0)).toBe(3_600_000);
    expect(retryAfter('soon', 0)).toBeUndefined();
  });

  test('is tried again when nobody is there, or the line is cut', async () => {
    const url = await sink((request) => request.socket.destroy());
    expect(await send(url)).toMatchObject({ ok: false, permanent: false });
    expect(await send('http://127.0.0.1:1/')).toMatchObject({ ok: false, permanent: false, error: 'ECONNREFUSED' });
  });

  test('ends at once when it is stopped', async () => {
    const stopping = new AbortController();
    const url = await sink(() => stopping.abort());

    expect(await send(url, stopping.signal)).toMatchObject({ ok: false, permanent: false });
  });
});
