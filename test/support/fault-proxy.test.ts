import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

let target: Server;
let proxy: FaultProxy;
let worked = 0;

beforeAll(async () => {
  target = createServer((request, response) => {
    worked++;
    request.resume();
    request.on('end', () => response.end('x'.repeat(600)));
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const address = target.address();
  proxy = await startFaultProxy(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
});
afterAll(async () => {
  await proxy.stop();
  target.closeAllConnections();
  await new Promise((resolve) => target.close(resolve));
});
beforeEach(() => {
  proxy.clear();
  worked = 0;
});

const get = (path = '/a', signal?: AbortSignal): Promise<Response> =>
  fetch(`${proxy.url}${path}`, signal ? { signal } : {});

test('without a rule everything passes', async () => {
  expect(await (await get()).text()).toHaveLength(600);
  expect(proxy.seen.at(-1)).toBe('GET /a');
});

test('a rule strikes what it matches, as often as it says', async () => {
  const rule = proxy.set({ path: /^\/a/, times: 1, fault: 'status', code: 429, retryAfterSeconds: 3 });

  const other = await get('/b');
  const struck = await get('/a');
  const after = await get('/a');

  expect([other.status, struck.status, after.status]).toEqual([200, 429, 200]);
  expect(struck.headers.get('retry-after')).toBe('3');
  expect(await struck.json()).toMatchObject({ kind: 'Status', reason: 'TooManyRequests' });
  expect(rule.struck).toBe(1);
});

test('cut before the request, nothing was done; cut after it, it was', async () => {
  proxy.set({ times: 1, fault: 'cut-before' });
  await expect(get()).rejects.toThrow();
  const before = worked;
  proxy.set({ times: 1, fault: 'cut-after' });

  await expect(get()).rejects.toThrow();

  expect([before, worked]).toEqual([0, 1]);
});

test('a request that hangs is never answered nor passed on', async () => {
  proxy.set({ fault: 'hang' });

  await expect(get('/a', AbortSignal.timeout(200))).rejects.toThrow('timeout');

  expect(worked).toBe(0);
});

test('a half-open answer begins and then falls silent', async () => {
  proxy.set({ fault: 'half-open', afterBytes: 10 });

  const response = await get('/a', AbortSignal.timeout(300));
  const chunk = await response.body?.getReader().read();

  expect(chunk?.value?.length).toBe(10);
});

test('a slow answer is whole in the end', async () => {
  proxy.set({ fault: 'slow', chunkBytes: 200, everyMs: 5 });

  expect(await (await get()).text()).toHaveLength(600);
});

test('a watch can be told that it is gone', async () => {
  proxy.set({ path: /watch=true/, fault: 'gone' });

  const event = JSON.parse(await (await get('/a?watch=true')).text());

  expect(event).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
});

test('cutting everything ends the answers that are under way', async () => {
  proxy.set({ fault: 'half-open' });
  const response = await get();

  proxy.cutAll();

  await expect(response.text()).rejects.toThrow();
});
