import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type SupervisedBot, waitUntilReady } from '../../deploy/sandbox/bot.ts';
import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
import { type Entry, entryPath, hashOf } from '../../src/access/audit/entry.ts';
import { auditTrail } from '../../src/access/audit/trail.ts';
import { createLogger } from '../../src/log.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import type { Store } from '../../src/state/store.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, deploymentIn } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

const AUDIT = { id: 'C0ALERTS', name: 'prod-alerts' };

let house: BotWorld;
let bot: SupervisedBot;
let store: Store;
let file: string;
let ada: Actor;
let margaret: Actor;
beforeAll(async () => {
  house = await startBotWorld({ bots: 0 });
  const config = house.world.env.SHIPMATE_CONFIG as string;
  file = join(config, '../audit.jsonl');
  const whole = parse(await readFile(config, 'utf8')) as { channels: object; access: object };
  whole.channels = { ...whole.channels, audit: AUDIT.id };
  whole.access = { ...whole.access, audit: { file: 'audit.jsonl' } };
  await writeFile(config, stringify(whole));
  bot = await house.process();
  store = openStore(
    { endpoints: [house.world.etcd.endpoint] },
    { prefix: 'shipmate/v1/', log: createLogger('silent') },
  );
  const slack = driveSlack(house.world.slack.controlUrl);
  await slack.settings({ postLimit: false });
  [ada, margaret] = [slack.person('ada'), slack.person('margaret')] as [Actor, Actor];
});
afterAll(async () => {
  await store.close();
  await house.stop();
});

async function answerTo(text: string, wanted: string | RegExp): Promise<SeenMessage> {
  const before = (await ada.reads('ops')).at(-1);
  await ada.types(text, { channel: 'ops' });
  return ada.sees('ops', wanted, { withinMs: 20_000, ...(before ? { after: before } : {}) });
}

async function typesOf(id: string): Promise<string[]> {
  const { stories } = await auditTrail(store).find({ invocation: id, limit: 1 });
  return stories[0]?.entries.map((entry) => entry.type) ?? [];
}

function idOf(card: SeenMessage): string {
  return card.metadata?.event_payload.invocation as string;
}

/** Lines of the audit channel that name the change. */
async function linesOf(id: string): Promise<string[]> {
  return (await ada.sawOnly(AUDIT.name)).filter((text) => text.includes(id));
}

describe('the audit', () => {
  test('tells the whole story of a change, in the log, in the file and in its channel', async () => {
    const card = await asksFor(ada, '/k8s scale deploy/cart 3 -n shop --reason "release 7"', 'from 2 to 3');
    const id = idOf(card);
    await ada.clicks(card, 'confirm', { confirmed: true });
    await ada.seesOn(card, 'Succeeded');
    await expect.poll(() => typesOf(id)).toEqual(['planned', 'confirmed', 'intent', 'outcome']);

    const shown = await answerTo(`/shipmate audit --id ${id}`, /: succeeded/);
    expect(shown.plain).toMatch(/PUT apps\/v1 deployments\/cart\/scale -n shop on demo: ok, revision \d+/);
    expect(shown.plain).toContain('release 7');
    expect(shown.ephemeral).toBe(true);

    await expect.poll(async () => (await linesOf(id)).length).toBe(1);
    expect((await linesOf(id))[0]).toMatch(/Succeeded.*\/k8s scale deploy\/cart 3/s);
    await expect.poll(async () => await readFile(file, 'utf8').catch(() => '')).toContain(`"invocation":"${id}"`);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as Entry).every((entry) => hashOf(entry) === entry.hash)).toBe(true);
  });

  test('is searched by mention, by words and by cluster', async () => {
    await margaret.types('/k8s scale deploy/web 1 -n shop', { channel: 'ops' });
    await margaret.sees('ops', /Denied/);

    await expect
      .poll(async () => (await answerTo('/shipmate audit --user <@U0MARGARET>', /record|Nothing/)).plain)
      .toMatch(/U0MARGARET.*scale deploy\/web 1.*refused E_FORBIDDEN/s);
    const hers = await answerTo('/shipmate audit --command cart --cluster demo --since 1h', /record/);
    expect(hers.plain).toContain('/k8s scale deploy/cart 3');
    expect(hers.plain).not.toContain('U0MARGARET');
    expect((await answerTo('/shipmate audit --user grace', /not a person/)).plain).toContain('U024BE7LH');
  });

  test('is not for everybody', async () => {
    await margaret.types('/shipmate audit', { channel: 'ops' });

    await margaret.sees('ops', /Denied.*shipmate:audit/s);
  });

  test('has one intent and one outcome, told once, when the bot is killed in between', async () => {
    for (const wanted of [5, 2]) {
      const card = await asksFor(ada, `/k8s scale deploy/web ${wanted} -n shop`, `to ${wanted} replicas`);
      const id = idOf(card);
      const killed = new Promise<void>((resolve, reject) => {
        const watching = store.watch<Entry>('audit/', async ({ value }) => {
          if (value?.value.type !== 'intent' || value.value.invocation !== id) return;
          process.kill(bot.pid() as number, 'SIGKILL');
          await (await watching).stop();
          resolve();
        });
        watching.catch(reject);
      });
      await ada.clicks(card, 'confirm', { confirmed: true });
      await killed;

      await ada.seesOn(card, /^Succeeded/, { withinMs: 60_000 });
      await waitUntilReady(`http://127.0.0.1:${house.world.httpPort}`, 30_000);
      await expect.poll(() => typesOf(id), { timeout: 20_000 }).toContain('outcome');
      const types = await typesOf(id);
      expect(types.filter((type) => type === 'outcome')).toHaveLength(1);
      expect(types.slice(0, 3)).toEqual(['planned', 'confirmed', 'intent']);
      expect((await deploymentIn(house, 'web')).spec.replicas).toBe(wanted);
      await expect.poll(async () => (await linesOf(id)).length, { timeout: 20_000 }).toBe(1);
    }
    const proof = await answerTo('/shipmate audit verify', /audit log/);
    expect(proof.plain).toMatch(/Succeeded.*The audit log is whole: \d+ entries/s);
    const line = /\d+:[0-9a-f]{64}/.exec(proof.plain)?.[0];
    expect((await answerTo(`/shipmate audit verify --kept ${line}`, /audit log/)).plain).toContain('is whole');
  }, 180_000);

  test('says where somebody changed it', async () => {
    const path = entryPath(2);
    const found = await store.get<Entry>(path);
    const value = { ...(found?.value as Entry), who: { team: 'T0', user: 'U0GRACE' } };
    await store.commit([{ op: 'put', path, value, expect: 'any' }]);

    const proof = await answerTo('/shipmate audit verify', /audit log/);

    expect(proof.plain).toMatch(/Failed.*entry 2 was altered/s);
  });
});
