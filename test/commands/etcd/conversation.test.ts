import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { etcdClusterSchema } from '../../../src/config/file.ts';
import { connectEtcdClusters } from '../../../src/etcd/connect.ts';
import type { EtcdCluster } from '../../../src/etcd/etcd-cluster.ts';
import { bytesOf } from '../../../src/etcd/keys.ts';
import { createLogger } from '../../../src/log.ts';
import { type BotWorld, startBotWorld } from '../../support/bot.ts';
import { asksFor } from '../../support/changes.ts';
import type { Actor } from '../../support/person.ts';
import { driveSlack } from '../../support/practice-slack.ts';

let house: BotWorld;
let ada: Actor;
let grace: Actor;
let cluster: EtcdCluster;

beforeAll(async () => {
  house = await startBotWorld();
  const slack = driveSlack(house.world.slack.controlUrl);
  [ada, grace] = [slack.person('ada'), slack.person('grace')];
  const entry = etcdClusterSchema.parse({ endpoints: [house.world.etcd.endpoint] });
  cluster = connectEtcdClusters({ main: entry }, createLogger('silent')).get();
});
afterAll(async () => {
  await cluster.close();
  await house.stop();
});

const stored = async (key: string) => {
  const { kvs } = await cluster.range({ key: bytesOf(key) });
  return kvs[0] && Buffer.from(kvs[0].value).toString();
};
const put = (key: string, value: string) =>
  cluster.txn({ compare: [], success: [{ put: { key: bytesOf(key), value: bytesOf(value) } }] });

describe('/etcd typed in Slack', () => {
  test('puts a value after showing old and new, once it is confirmed', async () => {
    await put('/app/motd', 'old words');

    const card = await asksFor(ada, "/etcd put /app/motd 'new words'", 'Overwrite /app/motd');
    expect(card.plain).toContain('old words → new words');
    expect(await stored('/app/motd')).toBe('old words');
    await ada.clicks(card, 'confirm', { confirmed: true });
    const done = await ada.seesOn(card, /Succeeded/);

    expect(done.plain).toMatch(/OK: \/app\/motd is written, rev \d+/);
    expect(done.plain).toContain("/etcd put -- /app/motd 'old words'");
    expect(await stored('/app/motd')).toBe('new words');
  });

  test('refuses to overwrite what somebody changed while the card waited', async () => {
    await put('/app/flag', 'off');
    const card = await asksFor(ada, '/etcd put /app/flag on', 'Overwrite /app/flag');
    await put('/app/flag', 'maybe');

    await ada.clicks(card, 'confirm', { confirmed: true });
    const failed = await ada.seesOn(card, /Failed/);

    expect(failed.plain).toContain('"maybe"');
    expect(await stored('/app/flag')).toBe('maybe');
  });

  test('deletes a prefix as one counted target', async () => {
    for (const name of ['a', 'b']) await put(`/app/old/${name}`, name);

    const card = await asksFor(ada, '/etcd del /app/old/ --prefix', 'Delete 2 keys with prefix /app/old/');
    await ada.clicks(card, 'confirm', { confirmed: true });
    await grace.clicks(await ada.seesOn(card, 'Needs approval'), 'approve');
    await ada.seesOn(card, /Succeeded.*2 keys deleted/s);

    expect(await stored('/app/old/a')).toBeUndefined();
  });
});
