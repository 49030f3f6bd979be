import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytesOf } from '../../src/etcd/keys.ts';
import { startTyping, type Typed, workload } from '../commands/k8s/typed.ts';
import { type Desk, openDesk } from '../contract/etcd/desk.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../support/services.ts';
import { gateOf } from './gate.ts';

const LONG = `${'checkout-'.repeat(27)}the-end-1`;

let etcd: EtcdService;
let desk: Desk;
let ada: Typed;
beforeAll(async () => {
  etcd = await startEtcd();
  desk = openDesk(etcd);
  // A label's value may have 63 characters only.
  const labels = { app: 'long' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'registry.example/main:1' }] } };
  const spec = { selector: { matchLabels: labels }, template };
  const long = workload('Deployment', LONG, 2, { metadata: { labels }, spec });
  ada = await startTyping({ seed: [long, workload('Deployment', 'web', 2)] as never });
});
afterAll(async () => {
  await desk?.close();
  await etcd?.stop();
  await ada?.stop();
});

test('T7: a key with Cyrillic letters, a zero-width space or a right-to-left override is spelt out in the gate', async () => {
  const own = ownPrefix();
  // The first letter of "admin" is Cyrillic.
  const keys = [`${own}\u0430dmin`, `${own}ad\u200bmin`, `${own}\u202enimda`];
  for (const key of keys) await desk.run('put', key, 'on');

  const gates = await Promise.all(keys.map(async (key) => gateOf(await desk.plan('del', key), `/etcd del ${own}x`)));

  expect(gates[0]).toContain('\\u{430}dmin');
  expect(gates[1]).toContain('ad\\u{200b}min');
  expect(gates[2]).toContain('\\u{202e}nimda');
  for (const gate of gates) expect(gate).not.toMatch(/[\u0430\u200b\u202e]/u);
});

test('T7: two keys that look alike stand apart in the inventory of a range', async () => {
  const own = ownPrefix();
  await desk.run('put', `${own}app`, '1');
  await desk.run('put', `${own}\u0430pp`, '2');

  const plan = await desk.plan('del', own, '--prefix');

  expect(plan.changes.map((change) => change.label)).toEqual([`${own}app`, `${own}\\u{430}pp`]);
});

test('T7: a look-alike of a workload’s name means no workload', async () => {
  await expect(ada.plans('/k8s scale deploy/w\u0435b 5')).rejects.toThrow('not found');
  expect((await ada.object('deploy', 'web')).spec?.replicas).toBe(2);
});

test('T7: the longest name that Kubernetes allows stands whole in the gate', async () => {
  const { plan } = await ada.plans(`/k8s scale deploy/${LONG} 5`);

  expect(LONG.length).toBeGreaterThan(250);
  expect(gateOf(plan)).toContain(`Scale deployment.apps/${LONG} from 2 to 5 replicas`);
});

test('T7: the end of a very long etcd key is in the gate', async () => {
  const key = `${ownPrefix()}${'tenant/'.repeat(150)}the-end`;
  await desk.cluster.txn({ compare: [], success: [{ put: { key: bytesOf(key), value: bytesOf('on') } }] });

  expect(gateOf(await desk.plan('del', key), '/etcd del …')).toContain(key);
});
