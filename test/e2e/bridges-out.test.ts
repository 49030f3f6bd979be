import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
import { type App, startApp } from '../../src/app.ts';
import { signatureOf } from '../../src/bridges/out/webhook.ts';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/log.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { dumpEtcd, dumpRedis } from '../support/dumps.ts';
import { keyFiles, type OtherSystems, startOtherSystems } from '../support/other-systems.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

const SECRETS = {
  scripts: 'scripts-token-0123456789',
  pagerduty: 'pd4routing5key6of7thirty2chars00',
  jsm: 'jsm-genie-key-0123-4567-89ab',
  webhook: 'a-signing-secret-of-a-webhook',
};
const LONG = { timeout: 30_000 };

let others: OtherSystems;
let house: BotWorld;
let app: App;
let ada: Actor;
let slack: ReturnType<typeof driveSlack>;
let keys: Awaited<ReturnType<typeof keyFiles>>;
const log: string[] = [];

beforeAll(async () => {
  [others, keys] = await Promise.all([startOtherSystems(), keyFiles(SECRETS)]);
  const bridges = {
    in: [{ name: 'scripts', kind: 'generic', tokenFile: keys.files.scripts }],
    out: [
      { name: 'pager', kind: 'pagerduty', url: `${others.url}/pagerduty`, keyFile: keys.files.pagerduty },
      {
        name: 'jira',
        kind: 'jsm',
        url: `${others.url}/jsm`,
        keyFile: keys.files.jsm,
        responders: [{ type: 'team', name: 'platform' }],
      },
      { name: 'am', kind: 'alertmanager', url: `${others.url}/am`, repeatEvery: '2s' },
      { name: 'hook', kind: 'webhook', url: `${others.url}/webhook`, keyFile: keys.files.webhook },
      { name: 'standby', kind: 'webhook', url: `${others.url}/standby`, keyFile: keys.files.webhook, fallback: true },
    ],
  };
  house = await startBotWorld({ bots: 0, seeded: false, config: { bridges } });
  const config = loadConfig({ ...house.world.env, HTTP_PORT: '0' }, (path) => readFileSync(path, 'utf8'));
  app = await startApp(config, createLogger('trace', { write: (line) => void log.push(line) }));
  slack = driveSlack(house.world.slack.controlUrl);
  ada = slack.person('ada');
}, 60_000);
afterAll(async () => {
  await app?.stop(3_000);
  await house?.stop();
  await others?.stop();
  await keys?.remove();
});

async function fires(title: string, more: object = {}): Promise<SeenMessage> {
  const answer = await fetch(`http://127.0.0.1:${app.httpPort}/hooks/${SECRETS.scripts}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key: title, title, severity: 'high', ...more }),
  });
  expect(answer.status).toBe(202);
  return await ada.sees('prod-alerts', title, { withinMs: 20_000 });
}

test('one incident is triggered, acknowledged and resolved everywhere, with a link to its message', async () => {
  const message = await fires('Queue is stuck');
  await expect.poll(() => others.to('/pagerduty').length, LONG).toBe(1);
  const trigger = others.to('/pagerduty')[0]?.body;
  expect(trigger).toMatchObject({
    routing_key: SECRETS.pagerduty,
    event_action: 'trigger',
    payload: { severity: 'error', summary: 'Queue is stuck' },
  });
  expect(trigger.links[0].href).toMatch(/\/archives\/C0ALERTS\/p\d+$/);
  await expect.poll(() => others.to('/jsm').length, LONG).toBe(1);
  expect(others.to('/jsm')[0]).toMatchObject({
    headers: { authorization: `GenieKey ${SECRETS.jsm}` },
    body: { alias: trigger.dedup_key, priority: 'P2', responders: [{ type: 'team', name: 'platform' }] },
  });

  await ada.clicks(message, 'Ack');
  await expect.poll(() => others.to('/pagerduty')[1]?.body.event_action, LONG).toBe('acknowledge');
  await expect.poll(() => others.to('/jsm')[1]?.path, LONG).toContain(`/jsm/${trigger.dedup_key}/acknowledge`);
  // What still fires is said again before Alertmanager forgets it.
  await expect.poll(() => others.to('/am').length, LONG).toBeGreaterThan(3);

  await fires('Queue is stuck', { status: 'resolved' });
  await expect.poll(() => others.to('/pagerduty')[2]?.body.event_action, LONG).toBe('resolve');
  await expect.poll(() => others.to('/jsm')[2]?.path, LONG).toContain('/close?identifierType=alias');
  const types = (): string[] => others.to('/webhook').map(({ body }) => body.type);
  const WORDS = ['firing', 'acked', 'resolved'].map((word) => `dev.shipmate.incident.${word}`);
  await expect.poll(types, LONG).toEqual(WORDS);
  await expect.poll(() => Date.parse(others.to('/am').at(-1)?.body[0].endsAt) <= Date.now(), LONG).toBe(true);

  expect(new Set(others.to('/am').map(({ body }) => JSON.stringify(body[0].labels))).size).toBe(1);
  expect(others.to('/pagerduty')).toHaveLength(3);
  for (const { headers, text } of others.to('/webhook')) {
    const timestamp = String(headers['x-shipmate-timestamp']);
    expect(headers['x-shipmate-signature']).toBe(signatureOf(SECRETS.webhook, timestamp, text));
  }
  expect(new Set(others.to('/webhook').map(({ body }) => body.id)).size).toBe(3);
  expect(others.to('/standby')).toEqual([]);
}, 90_000);

test('who asks to wait is left alone for so long, then told', async () => {
  others.answer('/pagerduty', { status: 429, headers: { 'retry-after': '2' } });
  const before = others.to('/pagerduty').length;
  await fires('Cache is cold');
  await fires('Cache is colder');
  await expect.poll(() => others.to('/pagerduty').length, LONG).toBeGreaterThan(before);
  const refusedAt = others.to('/pagerduty').at(-1)?.at ?? 0;
  others.answer('/pagerduty', undefined);

  const summaries = (): string[] =>
    others.to('/pagerduty').flatMap(({ at, body }) => (at > refusedAt ? [body.payload?.summary] : []));
  await expect.poll(() => summaries().sort(), LONG).toEqual(['Cache is cold', 'Cache is colder']);
  for (const { at } of others.to('/pagerduty').filter(({ at }) => at > refusedAt))
    expect(at - refusedAt).toBeGreaterThan(1_900);
}, 60_000);

test('what is refused for good is told by /alerts bridges, and replayed once the cause is mended', async () => {
  const why = `routing_key ${SECRETS.pagerduty} is not known`;
  others.answer('/pagerduty', { status: 400, body: why });
  await fires('Disk is slow');
  const bridges = async (wanted: RegExp): Promise<string> => {
    await expect
      .poll(async () => {
        const before = (await ada.reads('ops')).at(-1);
        await ada.types('/alerts bridges', { channel: 'ops' });
        return (await ada.sees('ops', /ways? in/, before && { after: before })).plain;
      }, LONG)
      .toMatch(wanted);
    return (await ada.sees('ops', wanted)).plain;
  };
  const refused = await bridges(/1 dead letter/);
  expect(refused).toMatch(/pager gave up incident [a-z0-9]{7} \d+s ago: answered 400: routing_key … is not known/);
  expect(refused).toMatch(/pager +pagerduty +refused some/);
  expect(refused).toMatch(/standby +webhook +standing by +never/);

  others.answer('/pagerduty', undefined);
  const told = others.to('/pagerduty').length;
  await ada.types('/alerts replay pagr', { channel: 'ops' });
  await ada.sees('ops', /Did you mean pager\?/);
  await ada.types('/alerts replay pager', { channel: 'ops' });
  await ada.sees('ops', /1 delivery is on the way again/);
  await expect
    .poll(
      () =>
        others
          .to('/pagerduty')
          .slice(told)
          .map(({ body }) => body.payload?.summary),
      LONG,
    )
    .toEqual(['Disk is slow']);

  await bridges(/1 way in, 5 out\n/);
  await ada.types('/shipmate audit', { channel: 'ops' });
  await ada.sees('ops', /alerts replay/);
}, 60_000);

test('nobody but who may asks for it', async () => {
  const linus = slack.person('linus');
  await linus.types('/alerts replay', { channel: 'ops' });

  await linus.sees('ops', /alerts:bridges/);
});

test('no key or token is found in Slack, in etcd, in Redis or in the log', async () => {
  const places = {
    slack: JSON.stringify(await slack.calls()),
    etcd: await dumpEtcd(house.world.etcd.endpoint, 'shipmate/v1/', 'shipmate/v10'),
    redis: await dumpRedis(house.world.redis.url),
    log: log.join(''),
  };
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(100);
    for (const [name, secret] of Object.entries(SECRETS))
      expect(text.includes(secret), `${name} in ${place}`).toBe(false);
  }
});
