import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/log.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor } from '../support/changes.ts';
import { dumpEtcd, dumpRedis } from '../support/dumps.ts';
import type { Actor } from '../support/person.ts';
import { PLANTED, plantedIn, plantInCluster, plantInEtcd } from '../support/planted-secrets.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let app: App;
let slack: ReturnType<typeof driveSlack>;
let ada: Actor;
const log: string[] = [];

beforeAll(async () => {
  house = await startBotWorld({ bots: 0 });
  await plantInCluster(house.cluster);
  await plantInEtcd(house.world.etcd.endpoint);
  const config = loadConfig({ ...house.world.env, HTTP_PORT: '0' }, (path) => readFileSync(path, 'utf8'));
  app = await startApp(config, createLogger('trace', { write: (line) => void log.push(line) }));
  slack = driveSlack(house.world.slack.controlUrl);
  ada = slack.person('ada');
});
afterAll(async () => {
  await app?.stop(3_000);
  await house?.stop();
});

describe('secrets that clusters hold', () => {
  test.each([
    ['/k8s get secrets,cm,deploy -n shop', /leaky/],
    ['/k8s get secret/leaky -n shop -o yaml', /secrets? hidden/],
    ['/k8s get secret/leaky -n shop -o json', /secrets? hidden/],
    ['/k8s get cm/leaky -n shop -o yaml', /secrets? hidden/],
    ['/k8s get cm/leaky -n shop -o json --public', /secrets? hidden/],
    ['/k8s get cm/release -n shop -o yaml', /hidden/],
    ['/k8s get deploy/leaky -n shop -o yaml', /secrets? hidden/],
    ['/k8s get secrets,cm,deploy,rs,pods -n shop -o yaml', /hidden/],
    ['/etcd ls /planted', /dsn/],
    ['/etcd get /planted/ --prefix', /secrets? hidden/],
    ['/etcd get /planted/ --prefix -w json', /5 values with secrets are hidden/],
    ['/etcd get /planted/ --prefix -w fields', /secrets? hidden/],
    ['/etcd get /planted/ --prefix -w simple', /secrets? hidden/],
    ['/etcd get /planted/ --prefix --hex', /5 values with secrets are hidden/],
    ['/etcd get /planted/ --prefix --print-value-only', /secrets? hidden/],
    ['/etcd get /planted/db/password', /1 secret hidden/],
    ['/etcd get /planted/dsn', /1 secret hidden/],
    ['/etcd get /planted/dsn --hex', /1 value with a secret is hidden/],
    ['/shipmate status', /systems answer/],
    ['/shipmate whoami', /U0ADA/],
    ['/k8s help', /can do/],
  ])('are hidden by %s', async (line, wanted) => {
    const before = (await ada.reads('ops')).at(-1);
    await ada.types(line, { channel: 'ops' });

    await ada.sees('ops', wanted, { withinMs: 20_000, ...(before && { after: before }) });

    expect(plantedIn(JSON.stringify(await slack.calls()))).toEqual([]);
  });

  test('are hidden on the cards of changes, before and after, and are not offered for taking back', async () => {
    const put = await asksFor(ada, '/etcd put /planted/db/password true --prev-kv', /planted\/db\/password/);
    expect(put.plain).toMatch(/hidden, \d+ bytes/);
    expect(put.plain).not.toContain('To take it back');
    await ada.clicks(put, 'confirm', { confirmed: true });
    await ada.seesOn(put, /Succeeded[\s\S]*hidden, \d+ bytes/);

    const del = await asksFor(ada, '/etcd del /planted/ --prefix --prev-kv', /Delete/);
    await ada.clicks(del, 'confirm', { confirmed: true });
    await slack.person('grace').clicks(await ada.seesOn(del, 'Needs approval'), 'approve');
    await ada.seesOn(del, /Succeeded/);

    const scale = await asksFor(ada, '/k8s scale deploy/leaky 2 -n shop', /Scale/);
    await ada.clicks(scale, 'confirm', { confirmed: true });
    await ada.seesOn(scale, /Succeeded|Failed|Unknown/, { withinMs: 30_000 });

    const restart = await asksFor(ada, '/k8s rollout restart deploy/leaky -n shop', /[Rr]estart/);
    await ada.clicks(restart, 'confirm', { confirmed: true });
    await ada.seesOn(restart, /Succeeded|Failed|Unknown/, { withinMs: 30_000 });
  });
});

describe('secrets that people type', () => {
  test.each([
    `/etcd put /mine/app/password ${PLANTED.typed}`,
    `/etcd put /mine/x ${PLANTED.token}`,
    `/etcd put --cluster main /mine/x "password=${PLANTED.typed}"`,
    `/k8s get pods --token ${PLANTED.typed}`,
    `/k8s get pods ${PLANTED.slack}`,
  ])('are refused before they are queued: %#', async (line) => {
    const before = (await ada.reads('ops')).at(-1);
    await ada.types(line, { channel: 'ops' });

    await ada.sees('ops', /seems to hold a secret/, before && { after: before });
  });

  test('are refused after a mention too', async () => {
    await ada.types(`@Shipmate etcd put /mine/x ${PLANTED.jwt}`, { channel: 'prod-alerts' });
    const asked = (await ada.reads('prod-alerts')).at(-1);

    await ada.sees('prod-alerts', /seems to hold a secret/, asked && { thread: asked });
  });
});

describe('what was asked, changed and refused', () => {
  test.each([
    ['/shipmate audit', /etcd put/],
    ['/shipmate audit verify', /chain|entries/i],
  ])('is told by %s without the secrets in it', async (line, wanted) => {
    const before = (await ada.reads('ops')).at(-1);
    await ada.types(line, { channel: 'ops' });

    await ada.sees('ops', wanted, { withinMs: 20_000, ...(before && { after: before }) });
  });
});

describe('afterwards, no planted value is found', () => {
  test('in any call to Slack', async () => {
    const calls = await slack.calls();

    expect(calls.length).toBeGreaterThan(20);
    expect(plantedIn(JSON.stringify(calls))).toEqual([]);
  });

  test('in files put into Slack', async () => {
    const { files = [] } = (await slack.state()) as { files?: readonly unknown[] };

    expect(plantedIn(JSON.stringify(files))).toEqual([]);
  });

  test('in Redis', async () => {
    const dump = await dumpRedis(house.world.redis.url);

    expect(dump).toContain('/k8s get secrets');
    expect(plantedIn(dump)).toEqual([]);
  });

  test("in Shipmate's own etcd", async () => {
    const dump = await dumpEtcd(house.world.etcd.endpoint, 'shipmate/v1/', 'shipmate/v10');

    expect(dump).toContain('/etcd del /planted/');
    expect(plantedIn(dump)).toEqual([]);
  });

  test('in the log, at any level', () => {
    expect(log.length).toBeGreaterThan(0);
    for (const line of log) expect(() => JSON.parse(line)).not.toThrow();
    expect(plantedIn(log.join(''))).toEqual([]);
  });
});
