import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { keyFiles } from '../support/other-systems.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';
import {
  type Alertmanager,
  alertmanagerProgram,
  portForAlertmanager,
  startAlertmanager,
} from '../support/real-alertmanager.ts';

const TOKENS = { prometheus: 'prometheus-token-0123456789', scripts: 'scripts-token-0123456789' };
const BUILD_MS = 15 * 60_000;
const LONG = { withinMs: 30_000 };
/** Shorter than the five minutes in which a real one forgets what nobody repeats. */
const RESOLVE_TIMEOUT_S = 3;
const REPEAT_S = 2;

const program = await alertmanagerProgram((line) => console.log(`alertmanager: ${line}`));
if (!program)
  console.log(
    'test/cluster/alertmanager.test.ts is skipped: Alertmanager is built with Go, which is not installed here.',
  );

describe.skipIf(program === undefined)('a real Alertmanager', () => {
  let alertmanager: Alertmanager;
  let house: BotWorld;
  let app: App;
  let ada: Actor;
  let keys: Awaited<ReturnType<typeof keyFiles>>;

  beforeAll(async () => {
    const [port, found] = await Promise.all([portForAlertmanager(), keyFiles(TOKENS)]);
    keys = found;
    const bridges = {
      in: [
        { name: 'prometheus', kind: 'alertmanager', tokenFile: keys.files.prometheus },
        { name: 'scripts', kind: 'generic', tokenFile: keys.files.scripts },
      ],
      out: [{ name: 'am', kind: 'alertmanager', url: `http://127.0.0.1:${port}`, repeatEvery: `${REPEAT_S}s` }],
    };
    house = await startBotWorld({ bots: 0, seeded: false, config: { bridges } });
    app = await house.replica();
    ada = driveSlack(house.world.slack.controlUrl).person('ada');
    alertmanager = await startAlertmanager(program as string, port, {
      global: { resolve_timeout: `${RESOLVE_TIMEOUT_S}s` },
      // Everything, what Shipmate itself told it included, comes to Shipmate.
      route: {
        receiver: 'shipmate',
        group_by: ['alertname'],
        group_wait: '1s',
        group_interval: '1s',
        repeat_interval: '2s',
      },
      receivers: [
        {
          name: 'shipmate',
          webhook_configs: [{ url: `http://127.0.0.1:${app.httpPort}/hooks/alertmanager/${TOKENS.prometheus}` }],
        },
      ],
    });
  }, BUILD_MS);
  afterAll(async () => {
    await alertmanager?.stop();
    await house?.stop();
    await keys?.remove();
  });

  /** Messages of their own; what a thread says aloud in the channel is none. */
  const messagesWith = async (text: string): Promise<number> =>
    (await ada.reads('prod-alerts')).filter(
      ({ plain, ts, thread_ts }) => plain.includes(text) && (thread_ts === undefined || thread_ts === ts),
    ).length;

  async function script(body: object): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${app.httpPort}/hooks/${TOKENS.scripts}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(202);
  }

  test('tells an alert, repeats it, joins another of its group, and tells their end: one message', async () => {
    const labels = { alertname: 'PodDown', namespace: 'shop', severity: 'critical' };
    const end = new Date(Date.now() + 60_000).toISOString();
    const annotations = { summary: 'cart is down', description: 'Since the last release.' };
    await alertmanager.fire({ ...labels, pod: 'cart-0' }, { annotations, endsAt: end });
    const message = await ada.sees('prod-alerts', /cart is down/, LONG);
    expect(message.plain).toContain('CRITICAL');
    expect(message.plain).toContain('namespace shop · pod cart-0');

    await alertmanager.fire({ ...labels, pod: 'cart-1' }, { annotations, endsAt: end });
    await ada.sees('prod-alerts', /Also fires: PodDown: cart is down/, { ...LONG, thread: message });
    for (const pod of ['cart-0', 'cart-1'])
      await alertmanager.fire({ ...labels, pod }, { annotations, endsAt: new Date().toISOString() });

    const green = await ada.seesOn(message, /✅/, LONG);
    expect(green.plain).toContain('Over, says prometheus');
    expect(await messagesWith('cart is down')).toBe(1);
  });

  test('tells the end of what nobody repeats to it', async () => {
    await alertmanager.fire({ alertname: 'Forgotten' });
    const message = await ada.sees('prod-alerts', /Forgotten/, LONG);

    await ada.seesOn(message, /Over, says prometheus/, LONG);
  });

  test('holds an incident of ours for as long as it lasts, says who has it, and does not tell it back to us', async () => {
    await script({ key: 'queue', title: 'Queue is stuck', severity: 'high' });
    const message = await ada.sees('prod-alerts', /Queue is stuck/, LONG);
    const held = async () => (await alertmanager.alerts()).find(({ labels }) => labels.shipmate_incident !== undefined);
    await expect.poll(held, { timeout: 30_000 }).toMatchObject({
      labels: { alertname: 'ShipmateAlert', severity: 'critical', shipmate_severity: 'high' },
      annotations: { summary: 'Queue is stuck' },
      status: { state: 'active' },
    });

    // Past the time in which it would have forgotten, and past the one that we promised at first.
    const first = Date.parse((await held())?.updatedAt ?? '');
    const later = first + (RESOLVE_TIMEOUT_S + REPEAT_S * 2.5) * 1_000;
    await expect
      .poll(async () => Date.parse((await held())?.updatedAt ?? ''), { timeout: 30_000 })
      .toBeGreaterThan(later);
    expect(await held()).toMatchObject({ generatorURL: expect.stringMatching(/\/archives\/C0ALERTS\/p\d+$/) });

    await ada.clicks(message, 'Ack');
    await expect
      .poll(async () => (await held())?.annotations, { timeout: 30_000 })
      .toMatchObject({ acknowledged: 'in Slack' });
    expect(await alertmanager.alerts()).toHaveLength(1);

    // Worse: the alert of the old severity is over as the new one begins, and both at once it never holds.
    await script({ key: 'queue', title: 'Queue is stuck', severity: 'critical' });
    await expect
      .poll(async () => (await alertmanager.alerts()).map(({ labels }) => labels.shipmate_severity), {
        timeout: 30_000,
      })
      .toEqual(['critical']);

    await script({ key: 'queue', status: 'resolved' });
    await ada.seesOn(message, /✅/, LONG);
    await expect.poll(held, { timeout: 30_000 }).toBeUndefined();
    expect(await messagesWith('ShipmateAlert')).toBe(0);
    expect(await messagesWith('Queue is stuck')).toBe(1);
  });
});
