import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutgoingAlert } from '../../../src/bridges/alert.ts';
import { targetOf } from '../../../src/bridges/out/targets.ts';
import { type BridgeOutConfig, bridgesSchema } from '../../../src/config/bridges.ts';
import { type OtherSystems, startOtherSystems } from '../../support/other-systems.ts';

const KEY = 'a-key-that-nobody-may-see';
let others: OtherSystems;
beforeAll(async () => {
  others = await startOtherSystems();
});
afterAll(() => others.stop());

const alert: OutgoingAlert = {
  dedupKey: 'shipmate-k3f9q2x',
  status: 'firing',
  severity: 'high',
  summary: 'Queue is stuck',
  cause: 'Queue is stuck',
  cluster: '',
  namespace: '',
  object: 'alert/queue',
  rules: [],
  startedAt: Date.parse('2026-05-04T10:00:00Z'),
  labels: {},
  details: {},
};

function send(kind: BridgeOutConfig['kind'], path: string, key: string) {
  const out = [{ name: 'other', kind, url: `${others.url}${path}`, keyFile: '/keys/other' }];
  const target = targetOf(bridgesSchema.parse({ out }).out[0] as BridgeOutConfig, () => `${key}\n`);
  return target.send(alert, { id: 'd1', signal: AbortSignal.timeout(5_000), now: alert.startedAt });
}

test.each(['pagerduty', 'jsm', 'webhook', 'alertmanager'] as const)(
  'an answer of %s that repeats the key is told without it',
  async (kind) => {
    others.answer('/echo', { status: 400, body: `bad key ${KEY}` });

    expect(await send(kind, '/echo', KEY)).toEqual({ ok: false, permanent: true, error: 'answered 400: bad key …' });
  },
);

test('an Alertmanager behind a proxy is told who asks', async () => {
  await send('alertmanager', '/bearer', KEY);
  await send('alertmanager', '/basic/', 'ada:secret');

  expect(others.to('/bearer/api/v2/alerts')[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(others.to('/basic/api/v2/alerts')[0]?.headers.authorization).toBe(`Basic ${btoa('ada:secret')}`);
});

test('an empty key stops the start, without a word of what it holds', () => {
  const [config] = bridgesSchema.parse({ out: [{ name: 'pager', kind: 'pagerduty', keyFile: '/k' }] }).out;

  expect(() => targetOf(config as BridgeOutConfig, () => ' \n')).toThrow('The bridge "pager" has no key.');
});
