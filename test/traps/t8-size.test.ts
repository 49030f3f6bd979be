import { afterEach, expect, test } from 'vitest';
import { matcherOf } from '../../src/access/policy/glob.ts';
import { BLOCKS_MAX, JSON_BUDGET, renderMessage } from '../../src/chat/render/message.ts';
import { checkFile } from '../../src/config.ts';
import { listTable } from '../../src/kubernetes/list.ts';
import { MAX_BODY_BYTES } from '../../src/kubernetes/transport.ts';
import { redactText } from '../../src/redact/text.ts';
import { openDesk } from '../contract/etcd/desk.ts';
import { json, PODS, type ScriptedServer, startScripted } from '../kubernetes/scripted-server.ts';
import { ownPrefix, startEtcd } from '../support/services.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

test('T8: every page of a list has a limit', async () => {
  server = await startScripted((_, response) => json(response, { columnDefinitions: [], rows: [], metadata: {} }));
  const options = { namespace: undefined, signal: AbortSignal.timeout(10_000) };

  await listTable(server.cluster, { ...PODS, kind: 'Pod', singular: 'pod', shortNames: [] } as never, options, 0);

  expect(server.asked).toEqual(['GET /api/v1/pods?limit=500']);
});

test('T8: an answer without end is dropped at its byte cap, connection and all', async () => {
  let sent = 0;
  let isClosed = false;
  server = await startScripted((_, response) => {
    const chunk = Buffer.alloc(1024 * 1024, ' ');
    response.on('close', () => {
      isClosed = true;
    });
    const more = (): void => {
      while (!isClosed && !response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', more);
      }
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    more();
  });

  await expect(server.cluster.request({ resource: PODS, namespace: 'shop' })).rejects.toThrow('larger than 32 MiB');

  await expect.poll(() => isClosed).toBe(true);
  expect(sent).toBeLessThan(2 * MAX_BODY_BYTES);
});

test('T8: the whole of etcd is read 100 keys at a time, and a read of large values is refused', async () => {
  const etcd = await startEtcd();
  const desk = openDesk(etcd);
  const own = ownPrefix();
  const put = (name: string, value: Buffer | string) =>
    desk.cluster.txn({ compare: [], success: [{ put: { key: Buffer.from(own + name), value: Buffer.from(value) } }] });
  try {
    for (let n = 0; n < 120; n += 1) await put(`few/${n}`, 'x');
    const all = await desk.get(own, '--prefix');
    for (let n = 0; n < 3; n += 1) await put(`fat/${n}`, Buffer.alloc(1_000_000, 'x'));

    expect(JSON.stringify(all)).toContain('20 more: narrow the range');
    await expect(desk.get(`${own}fat/`, '--prefix')).rejects.toThrow('go to Slack');
    expect(() => desk.get(own, '--prefix', '--limit', '100000')).toThrow('not a whole number from 1 to 1000');
  } finally {
    await desk.close();
    await etcd.stop();
  }
});

test('T8: a message of a million lines stays within what Slack takes', () => {
  const text = 'a line of a log that goes on\n'.repeat(1_000_000);

  const { blocks } = renderMessage({ title: 'log', parts: [{ kind: 'output', text, filename: 'log.txt' }] });

  expect(blocks.length).toBeLessThanOrEqual(BLOCKS_MAX);
  expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(JSON_BUDGET);
});

test('T8: aliases that double and double again are a problem of the config file, not the end of the process', () => {
  const levels = Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}, *a${n}]`);
  const bomb = ['a0: &a0 [boom, boom]', ...levels].join('\n');
  const began = performance.now();

  expect(checkFile('shipmate.yaml', bomb).problems).not.toEqual([]);

  expect(performance.now() - began).toBeLessThan(2_000);
});

test('T8: patterns of the policy and the search for secrets take no more time for hostile text', () => {
  const stars = matcherOf([`${'a*'.repeat(2_000)}c*b`]);
  const hostile = ['a'.repeat(50_000), `password=${'"\\'.repeat(20_000)}`, `-----BEGIN ${'-'.repeat(50_000)}`];
  const began = performance.now();

  expect(stars?.(`${'a'.repeat(50_000)}b`)).toBe(false);
  for (const text of hostile) redactText(text);

  expect(performance.now() - began).toBeLessThan(3_000);
});
