import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { parseLine } from '../../src/pipeline/parse.ts';
import { createRegistry, loadCommands } from '../../src/pipeline/registry.ts';
import { type Desk, openDesk } from '../contract/etcd/desk.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../support/services.ts';
import { gateOf } from './gate.ts';

const commands = await loadCommands(join(import.meta.dirname, '../../commands'));
const registry = createRegistry(commands);

let etcd: EtcdService;
let desk: Desk;
beforeAll(async () => {
  etcd = await startEtcd();
  desk = openDesk(etcd);
});
afterAll(async () => {
  await desk?.close();
  await etcd?.stop();
});

test.each(['namespace shop', 'crd certificates.cert-manager.io', 'pv disk-1', 'sts/db', 'pods --all', 'all -A'])(
  'T15: /k8s delete %s is not offered',
  (rest) => {
    const words = `/k8s delete ${rest}`.split(' ').map((text) => ({ text }));

    expect(() => parseLine(words, registry)).toThrow(UsageError);
  },
);

test('T15: one command asks for the right to delete, and only of pods', () => {
  const rules = commands.flatMap(({ name, rbac = [] }) => rbac.map((rule) => ({ name, ...rule })));

  expect(rules.filter(({ verbs }) => verbs.includes('delete'))).toEqual([
    { name: 'k8s delete', group: '', resources: ['pods'], verbs: ['get', 'list', 'watch', 'delete'] },
  ]);
  expect(rules.flatMap(({ verbs }) => verbs)).not.toContain('deletecollection');
});

test('T15: a range of etcd keys is shown with its count and its keys, and nothing goes before somebody says yes', async () => {
  const own = ownPrefix();
  for (const name of ['a', 'b', 'c']) await desk.run('put', own + name, `value ${name}`);

  const plan = await desk.plan('del', own, '--prefix');
  const gate = gateOf(plan, `/etcd del ${own} --prefix`);

  expect(plan.risk).toBe('destructive');
  expect(gate).toContain(`Delete 3 keys with prefix ${own} on etcd main`);
  for (const name of ['a', 'b', 'c']) expect(gate).toContain(`${own}${name}: value ${name} → (deleted)`);
  expect(gate).toContain('Nothing happens unless you confirm');
  expect(gate).toContain('Delete 3 keys\nCancel');
  expect((await desk.get(own, '--prefix', '--count-only')).title).toContain('3 keys');
});

test('T15: what is more than the gate can show is said, and more than 20 keys are refused without a number', async () => {
  const own = ownPrefix();
  for (let n = 0; n < 21; n += 1) await desk.run('put', own + n, 'x');

  await expect(desk.plan('del', own, '--prefix')).rejects.toThrow('That would delete 21 keys');
  const plan = await desk.plan('del', own, '--prefix', '--max-targets', '21');
  expect(gateOf(plan)).toContain('only the first 10 of 21 keys are shown');
});

test.each([
  ['', '--prefix'],
  ['', '--from-key'],
])('T15: /etcd del "%s" %s, the whole keyspace, is refused', async (...words) => {
  await expect(desk.plan('del', ...words)).rejects.toThrow('not possible from Slack');
});
