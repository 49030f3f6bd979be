import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { json, type ScriptedServer, startScripted } from '../scripted-server.ts';
import { type Followed, follow } from './followed.ts';

let server: ScriptedServer | undefined;
let followed: Followed | undefined;

afterEach(async () => {
  await followed?.stop();
  await server?.stop();
});

async function following(answer: (request: IncomingMessage, response: ServerResponse) => void, timings = {}) {
  server = await startScripted(answer);
  followed = follow(server.cluster, timings);
  return followed;
}

const item = (name: string, resourceVersion: string) => ({
  metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion },
  data: { n: '1' },
});
const list = (resourceVersion: string, ...items: unknown[]) => ({
  kind: 'ConfigMapList',
  apiVersion: 'v1',
  metadata: { resourceVersion },
  items,
});
const isWatch = (request: IncomingMessage): boolean => request.url?.includes('watch=true') ?? false;
const forbidden = { kind: 'Status', code: 403, reason: 'Forbidden', message: 'configmaps is forbidden' };

test('a kind that the cluster does not serve is said to be so, and followed once it is served', async () => {
  let isServed = false;
  const { reflector, believed } = await following(
    (request, response) => {
      if (!isServed) response.writeHead(404).end('404 page not found');
      else if (isWatch(request)) response.writeHead(200).flushHeaders();
      else json(response, list('5', item('a', '5')));
    },
    { absentMs: 50 },
  );

  await reflector.synced;
  expect(reflector.status()).toMatchObject({ state: 'not-served', staleSince: 0, objects: 0 });

  isServed = true;
  await expect.poll(believed).toEqual({ a: '1' });
  expect(reflector.status().state).toBe('watching');
});

test('a kind that may not be listed is said to be so, and is not stale', async () => {
  const { reflector } = await following((_, response) => json(response, forbidden, 403));

  await reflector.synced;

  expect(reflector.status()).toMatchObject({ state: 'forbidden', staleSince: 0 });
  expect(reflector.status().error).toContain('configmaps is forbidden');
  expect(server?.asked).toHaveLength(1);
});

test('a right that is taken away leaves what was seen, and it is stale', async () => {
  let isAllowed = true;
  const { reflector, believed } = await following((request, response) => {
    if (!isAllowed) json(response, forbidden, 403);
    else if (isWatch(request)) response.writeHead(200).flushHeaders();
    else json(response, list('5', item('a', '5')));
  });
  await reflector.synced;
  await expect.poll(() => server?.asked.length).toBe(2);

  isAllowed = false;
  reflector.resync();

  await expect.poll(() => reflector.status().state).toBe('forbidden');
  expect(reflector.status().staleSince).toBeGreaterThan(0);
  expect(believed()).toEqual({ a: '1' });
});

test('a kind that is served no more has no objects any more', async () => {
  let isServed = true;
  const { reflector, believed } = await following((request, response) => {
    if (!isServed) response.writeHead(404).end('404 page not found');
    else if (isWatch(request)) response.writeHead(200).flushHeaders();
    else json(response, list('5', item('a', '5')));
  });
  await reflector.synced;
  await expect.poll(() => server?.asked.length).toBe(2);

  isServed = false;
  reflector.resync();

  await expect.poll(believed).toEqual({});
});

test('an etcd that was set back is noticed, and the list decides', async () => {
  let isRestored = false;
  const { believed } = await following((request, response) => {
    if (!isWatch(request))
      return json(response, isRestored ? list('50', item('b', '40')) : list('900', item('a', '900')));
    response.writeHead(200, { 'content-type': 'application/json' });
    isRestored = true;
    const bookmark = { type: 'BOOKMARK', object: { kind: 'ConfigMap', metadata: { resourceVersion: '60' } } };
    response.write(`${JSON.stringify(bookmark)}\n`);
  });

  await expect.poll(believed).toEqual({ b: '1' });
});

test('a watch that is refused again and again ends in a list', async () => {
  let lists = 0;
  const { reflector } = await following((request, response) => {
    if (isWatch(request)) return json(response, { kind: 'Status', code: 500, message: 'no' }, 500);
    lists += 1;
    json(response, list('5'));
  });
  await reflector.synced;

  await expect.poll(() => lists).toBeGreaterThan(1);
  expect(server?.asked.filter((line) => line.includes('watch=true')).length).toBeGreaterThanOrEqual(3);
});

test('each watch asks for its own length, so that they do not all end together', async () => {
  const { reflector } = await following((request, response) => {
    if (isWatch(request)) response.writeHead(200).end();
    else json(response, list('5'));
  });
  await reflector.synced;

  const lengths = (): number[] =>
    (server?.asked ?? []).flatMap((line) =>
      [...line.matchAll(/timeoutSeconds=(\d+)/g)].map((match) => Number(match[1])),
    );
  await expect.poll(() => new Set(lengths()).size).toBeGreaterThan(1);
  expect(Math.min(...lengths())).toBeGreaterThanOrEqual(241);
  expect(Math.max(...lengths())).toBeLessThanOrEqual(339);
});
