import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../../../deploy/sandbox/cluster/object.ts';
import { type PracticeCluster, startPracticeCluster } from '../../../support/practice-cluster.ts';
import { type Ask, asker, CONFIGMAPS, MERGE } from './ask.ts';

let cluster: PracticeCluster;
let ask: Ask;

beforeAll(async () => {
  cluster = await startPracticeCluster({ isAlive: false });
  ask = asker(cluster);
});
afterAll(() => cluster.stop());

interface Watching {
  events: Json[];
  isOver: boolean;
}

/** Opens a watch of ConfigMaps and gathers its events. */
async function watching(query: string): Promise<Watching> {
  const response = await fetch(`${cluster.url}${CONFIGMAPS}?watch=true&${query}`, {
    headers: { authorization: `Bearer ${cluster.token}` },
  });
  expect(response.status).toBe(200);
  const seen: Watching = { events: [], isOver: false };
  void gather(response, seen);
  return seen;
}

async function gather(response: Response, seen: Watching): Promise<void> {
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    rest += new TextDecoder().decode(chunk);
    const lines = rest.split('\n');
    rest = lines.pop() as string;
    for (const line of lines) seen.events.push(JSON.parse(line));
  }
  seen.isOver = true;
}

const told = (seen: Watching): string[] =>
  seen.events.map(({ type, object }) => `${type} ${object.metadata?.name ?? object.reason ?? ''}`.trim());

async function revision(): Promise<string> {
  return (await ask('GET', `${CONFIGMAPS}?limit=1`)).body.metadata.resourceVersion;
}

test('a watch from a version tells everything since, then what happens', async () => {
  const from = await revision();
  await ask('POST', CONFIGMAPS, { metadata: { name: 'a' } });

  const seen = await watching(`resourceVersion=${from}`);
  await ask('PATCH', `${CONFIGMAPS}/a`, { data: { x: '1' } }, { type: MERGE });
  await ask('DELETE', `${CONFIGMAPS}/a`);

  await expect.poll(() => told(seen)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
});

test('to a watch with a selector, an object that stops matching is deleted', async () => {
  await ask('POST', CONFIGMAPS, { metadata: { name: 'b', labels: { on: 'yes' } } });

  const seen = await watching(`resourceVersion=${await revision()}&labelSelector=on%3Dyes`);
  await ask('PATCH', `${CONFIGMAPS}/b`, { metadata: { labels: { on: 'no' } } }, { type: MERGE });
  await ask('PATCH', `${CONFIGMAPS}/b`, { metadata: { labels: { on: 'yes' } } }, { type: MERGE });

  await expect.poll(() => told(seen)).toEqual(['DELETED b', 'ADDED b']);
});

test('a streaming list ends with a bookmark that says so', async () => {
  await ask('POST', CONFIGMAPS, { metadata: { name: 'c' } });

  const seen = await watching(
    'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dc',
  );

  await expect.poll(() => told(seen)).toEqual(['ADDED c', 'BOOKMARK']);
  expect(seen.events[1].object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
});

test('a watch whose time is up ends with a bookmark and without an error', async () => {
  const seen = await watching(`resourceVersion=${await revision()}&timeoutSeconds=1&allowWatchBookmarks=true`);

  await expect.poll(() => seen.isOver, { timeout: 4_000 }).toBe(true);
  expect(seen.events.at(-1)?.type).toBe('BOOKMARK');
});

test('a version that history has forgotten is gone', async () => {
  const from = await revision();
  await ask('POST', CONFIGMAPS, { metadata: { name: 'd' } });
  cluster.faults.compact();

  const { code, body } = await ask('GET', `${CONFIGMAPS}?watch=true&resourceVersion=${from}`);

  expect(code).toBe(410);
  expect(body.message).toMatch(/^too old resource version: \d+ \(\d+\)$/);
});

test('an open watch can be told that it is gone', async () => {
  const seen = await watching(`resourceVersion=${await revision()}`);

  cluster.faults.endWatches({ isGone: true, key: 'configmaps' });

  await expect.poll(() => seen.isOver).toBe(true);
  expect(seen.events).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
});
