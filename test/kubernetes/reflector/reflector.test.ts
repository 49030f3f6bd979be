import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cluster } from '../../../src/kubernetes/cluster.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { type PracticeCluster, startPracticeCluster } from '../../support/practice-cluster.ts';
import { CONFIG_MAPS, connected, type Followed, follow } from './followed.ts';

let practice: PracticeCluster;
let proxy: FaultProxy;
let direct: Cluster;
let viaProxy: Cluster;
let followed: Followed | undefined;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  practice = await startPracticeCluster({ isAlive: false });
  proxy = await startFaultProxy(practice.url);
  const [straight, through] = [
    await connected(practice.url, practice.token),
    await connected(proxy.url, practice.token),
  ];
  direct = straight.cluster;
  viaProxy = through.cluster;
  closing.push(straight.close, through.close);
});

afterEach(async () => {
  await followed?.stop();
  for (const close of closing.splice(0)) await close();
  await proxy.stop();
  await practice.stop();
});

const WATCHES = /configmaps\?.*watch=true/;
const LISTS = /configmaps\?(?!.*watch=true)/;

async function put(name: string, n: string): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { n } };
  const named = { resource: CONFIG_MAPS, namespace: 'default' };
  await direct.request({ ...named, method: 'POST', body }).catch(() =>
    direct.request({
      ...named,
      name,
      method: 'PATCH',
      body: { data: { n } },
      contentType: 'application/merge-patch+json',
    }),
  );
}

async function remove(name: string): Promise<void> {
  await direct.request({ resource: CONFIG_MAPS, namespace: 'default', name, method: 'DELETE' });
}

async function startFollowing(timings = {}): Promise<Followed> {
  followed = follow(viaProxy, timings);
  await followed.reflector.synced;
  return followed;
}

const watchIsOpen = (count = 1): Promise<void> =>
  expect.poll(() => proxy.seen.filter((line) => WATCHES.test(line)).length).toBeGreaterThanOrEqual(count);

test('what is there, what comes, changes and goes is told, over several pages', async () => {
  for (let n = 0; n < 8; n++) await put(`c${n}`, '1');

  const { believed } = await startFollowing();

  expect(Object.keys(believed())).toHaveLength(8);
  expect(proxy.seen.filter((line) => LISTS.test(line))).toHaveLength(3);
  await put('c0', '2');
  await remove('c1');
  await put('new', '1');
  await expect.poll(believed).toMatchObject({ c0: '2', new: '1' });
  expect(believed()).not.toHaveProperty('c1');
});

test('nothing is missed when the connection is cut, and nothing is told twice', async () => {
  await put('a', '1');
  const { believed, told } = await startFollowing();
  await watchIsOpen();
  proxy.set({ path: WATCHES, fault: 'cut-before', times: 5 });

  proxy.cutAll();
  await put('a', '2');
  await put('b', '1');
  await remove('a');

  await expect.poll(believed).toEqual({ b: '1' });
  expect(told).toEqual(['+a 1', '+a 2', '+b 1', '-a']);
  // It went on from where it was, without a list.
  expect(proxy.seen.filter((line) => LISTS.test(line))).toHaveLength(1);
});

test('after a 410 the list is compared: what changed and what is gone is told, and nothing else', async () => {
  for (const name of ['same', 'changed', 'gone']) await put(name, '1');
  const { believed, told } = await startFollowing();
  await watchIsOpen();
  const cut = proxy.set({ path: WATCHES, fault: 'cut-before' });
  proxy.cutAll();
  await expect.poll(() => cut.struck).toBeGreaterThan(0);

  await put('changed', '2');
  await remove('gone');
  practice.faults.compact();
  proxy.clear();

  await expect.poll(believed).toEqual({ same: '1', changed: '2' });
  expect(told.slice(3).sort()).toEqual(['+changed 2', '-gone']);
});

test('a list whose picture is forgotten in the middle begins anew', async () => {
  for (let n = 0; n < 8; n++) await put(`c${n}`, '1');
  proxy.set({ path: /continue=/, fault: 'status', code: 410, times: 1 });

  const { believed } = await startFollowing();

  expect(Object.keys(believed())).toHaveLength(8);
});

test('an API server that starts again is followed on', async () => {
  await put('a', '1');
  const { believed, reflector } = await startFollowing();
  await watchIsOpen();
  proxy.set({ fault: 'cut-before' });
  proxy.cutAll();
  await expect.poll(() => reflector.status().state).toBe('failing');
  expect(reflector.status().staleSince).toBeGreaterThan(0);
  expect(reflector.status().error).toContain('cluster demo');

  await put('a', '2');
  proxy.clear();

  await expect.poll(believed).toEqual({ a: '2' });
  await expect.poll(() => reflector.status()).toMatchObject({ state: 'watching', staleSince: 0, error: '' });
});

test('a watch that is taken again flows, also when nothing has happened', async () => {
  await put('a', '1');
  const { reflector, told } = await startFollowing();
  await watchIsOpen();
  proxy.set({ fault: 'cut-before' });
  proxy.cutAll();
  await expect.poll(() => reflector.status().state).toBe('failing');

  proxy.clear();

  await expect.poll(() => reflector.status()).toMatchObject({ state: 'watching', staleSince: 0, error: '' });
  expect(told).toEqual(['+a 1']);
});

test('a connection that is open and says nothing is given up', async () => {
  await put('a', '1');
  proxy.set({ path: WATCHES, fault: 'half-open', times: 1 });
  const { believed } = await startFollowing({ silenceMs: 300 });
  await watchIsOpen();

  await put('a', '2');

  await expect.poll(believed).toEqual({ a: '2' });
});

test('a resync notices a deletion that no watch told of', async () => {
  await put('a', '1');
  await put('b', '1');
  proxy.set({ path: WATCHES, fault: 'half-open' });
  const { believed, reflector } = await startFollowing();
  await watchIsOpen();

  await remove('a');
  reflector.resync();

  await expect.poll(believed).toEqual({ b: '1' });
});

test('an object made again under its old name is another object', async () => {
  await put('a', '1');
  const { believed, told } = await startFollowing();

  await remove('a');
  await put('a', '2');

  await expect.poll(believed).toEqual({ a: '2' });
  expect(told).toEqual(['+a 1', '-a', '+a 2']);
});

test('a busy server is asked again after the time that it names', async () => {
  proxy.set({ path: LISTS, fault: 'status', code: 429, retryAfterSeconds: 1, times: 2 });
  await put('a', '1');

  const { believed } = await startFollowing();

  expect(believed()).toEqual({ a: '1' });
});
