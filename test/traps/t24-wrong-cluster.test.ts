import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { bytesOf } from '../../src/etcd/keys.ts';
import { startTyping, type Typed, workload } from '../commands/k8s/typed.ts';
import { type Desk, openDesk } from '../contract/etcd/desk.ts';
import { json, PODS, type ScriptedServer, startScripted } from '../kubernetes/scripted-server.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../support/services.ts';
import { gateOf } from './gate.ts';

let etcd: EtcdService;
let ada: Typed;
let server: ScriptedServer | undefined;
const desks: Desk[] = [];
function open(config: Record<string, unknown>): Desk {
  const desk = openDesk(etcd, config);
  desks.push(desk);
  return desk;
}
beforeAll(async () => {
  etcd = await startEtcd();
  ada = await startTyping({ seed: [workload('Deployment', 'web', 2)] as never });
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(async () => {
  await Promise.all(desks.map((desk) => desk.close()));
  await etcd?.stop();
  await ada?.stop();
});

test('T24: a production cluster has the word PROD above an answer and in the gate; another has not', async () => {
  expect((await ada.reads('/k8s get deploy web -n shop --cluster prod')).title).toContain('prod (PROD)');
  expect((await ada.reads('/k8s get deploy web -n shop --cluster demo')).title).not.toContain('PROD');

  const line = '/k8s scale deploy/web 5 -n shop';
  expect(gateOf((await ada.plans(`${line} --cluster prod`)).plan)).toContain('prod (PROD)');
  expect(gateOf((await ada.plans(`${line} --cluster prod`)).plan)).toMatch(/PROD: /);
  expect(gateOf((await ada.plans(`${line} --cluster prod`)).plan)).toMatch(/ in PROD/);
  const gate = gateOf((await ada.plans(`${line} --cluster demo`)).plan);
  expect(gate).toContain('demo');
  expect(gate).not.toContain('PROD');
});

test('T24: so has a production etcd', async () => {
  const desk = open({ production: true });
  const key = `${ownPrefix()}flag`;

  expect(gateOf(await desk.plan('put', key, 'on'))).toContain('main (PROD)');
  expect(JSON.stringify(await desk.get(key, '--prefix'))).toContain('etcd main (PROD)');
});

test('T24: a cluster whose kube-system has another uid than the pinned one gets nothing but that question', async () => {
  server = await startScripted((_, response) => json(response, { metadata: { uid: 'bbbb' } }), { uid: 'aaaa' });
  const write = { resource: PODS, namespace: 'shop', name: 'web', method: 'PATCH', body: {} } as const;

  await expect(server.cluster.request(write)).rejects.toThrow('is not the one named in the config');
  await expect(server.cluster.resolve('pods')).rejects.toThrow('has uid bbbb, not aaaa');

  expect(new Set(server.asked)).toEqual(new Set(['GET /api/v1/namespaces/kube-system']));
});

test('T24: an etcd with another cluster id than the pinned one is neither read nor written', async () => {
  const free = open({});
  const key = `${ownPrefix()}k`;
  const { origin } = await free.cluster.range({ key: bytesOf(key) });
  const pinned = open({ clusterId: BigInt(origin?.clusterId ?? 0).toString(16) });
  const wrong = open({ clusterId: 'deadbeef' });

  expect(await pinned.run('put', key, 'right')).toContain('OK');
  await expect(wrong.get(key)).rejects.toThrow(/but etcd "main" is deadbeef/);
  await expect(
    wrong.cluster.txn({ compare: [], success: [{ put: { key: bytesOf(key), value: bytesOf('wrong') } }] }),
  ).rejects.toThrow(/but etcd "main" is deadbeef/);
  expect(JSON.stringify(await free.get(key))).not.toContain('wrong');
});
