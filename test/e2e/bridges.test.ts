import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
import type { App } from '../../src/app.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { keyFiles } from '../support/other-systems.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

const TOKENS = {
  prometheus: 'prometheus-token-0123456789',
  brief: 'brief-token-0123456789abcd',
  scripts: 'scripts-token-0123456789',
};
const LONG = { withinMs: 30_000 };

let house: BotWorld;
let app: App;
let ada: Actor;
let slack: ReturnType<typeof driveSlack>;
let keys: Awaited<ReturnType<typeof keyFiles>>;

beforeAll(async () => {
  keys = await keyFiles(TOKENS);
  const bridges = {
    in: [
      {
        name: 'prometheus',
        kind: 'alertmanager',
        tokenFile: keys.files.prometheus,
        cluster: 'demo',
        severities: { sev1: 'critical' },
      },
      {
        name: 'brief',
        kind: 'alertmanager',
        tokenFile: keys.files.brief,
        staleAfter: '3s',
        heartbeat: { every: '2s' },
      },
      { name: 'scripts', kind: 'generic', tokenFile: keys.files.scripts },
    ],
  };
  const alerts = { rules: { '*': { resolveAfter: '1s' } } };
  house = await startBotWorld({ bots: 0, seeded: false, config: { bridges, alerts } });
  app = await house.replica();
  slack = driveSlack(house.world.slack.controlUrl);
  ada = slack.person('ada');
}, 60_000);
afterAll(async () => {
  await house?.stop();
  await keys?.remove();
});

async function post(path: string, body: unknown, form = false): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${app.httpPort}${path}`, {
    method: 'POST',
    headers: { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' },
    body: form ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

const SINCE = new Date(Date.now() - 60_000).toISOString();

/** One alert of Alertmanager's webhook. */
function alert(name: string, pod: string, more: object = {}): object {
  return {
    status: 'firing',
    labels: { alertname: name, namespace: 'shop', deployment: 'cart', pod, severity: 'warning', ...more },
    annotations: { summary: `${pod} is down`, description: 'It has not answered for five minutes.' },
    startsAt: SINCE,
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example.com/graph',
    fingerprint: `${name}-${pod}`,
  };
}

const over = (one: object): object => ({ ...one, status: 'resolved', endsAt: new Date().toISOString() });

/** The whole body, as Alertmanager sends it for one group. */
function group(name: string, alerts: readonly object[]): object {
  return {
    version: '4',
    groupKey: `{}:{alertname="${name}"}`,
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'shipmate',
    groupLabels: { alertname: name },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com',
    alerts,
  };
}

const tell = (name: string, alerts: readonly object[], token = TOKENS.prometheus) =>
  post(`/hooks/alertmanager/${token}`, group(name, alerts));
const messagesWith = async (text: string): Promise<number> =>
  (await ada.sawOnly('prod-alerts')).filter((plain) => plain.includes(text)).length;
const repliesWith = async (text: string, message: SeenMessage): Promise<number> => {
  const thread = await ada.reads('prod-alerts', { thread: message });
  return thread.filter(({ ts, plain }) => ts !== message.ts && plain.includes(text)).length;
};
const editsSoFar = async (): Promise<number> => (await slack.calls('chat.update')).length;

describe('an alert of Alertmanager', () => {
  test('is one message with its place; repeats are silent, others of its group join, the end turns it green', async () => {
    const first = alert('PodDown', 'cart-0');
    expect(await tell('PodDown', [first])).toEqual({ status: 202, text: '{"accepted":1,"skipped":[]}' });
    const message = await ada.sees('prod-alerts', /cart-0 is down/);
    expect(message.plain).toContain('WARNING');
    expect(message.plain).toContain('namespace shop · deployment cart · pod cart-0');
    expect(message.plain).toContain('Open in prometheus');
    expect(message.plain).toContain('It has not answered for five minutes.');

    await ada.seesOn(message, /\[Ack\]/);
    const edits = await editsSoFar();
    for (let repeat = 0; repeat < 5; repeat++) expect((await tell('PodDown', [first])).status).toBe(202);
    await tell('PodDown', [first, alert('PodDown', 'cart-1')]);
    await ada.sees('prod-alerts', /Also fires: PodDown: cart-1 is down/, { thread: message });
    const grown = await ada.seesOn(message, /1 more/, LONG);
    expect(grown.plain).toContain('namespace shop · deployment cart');
    expect(grown.plain).not.toContain('pod cart-0');
    expect(await editsSoFar()).toBeLessThanOrEqual(edits + 2);

    await tell('PodDown', [over(first), alert('PodDown', 'cart-1')]);
    await tell('PodDown', [over(alert('PodDown', 'cart-1'))]);
    const green = await ada.seesOn(message, /✅/, LONG);

    expect(green.plain).toMatch(/Over, says prometheus/);
    expect(green.plain).not.toContain('[Ack]');
    expect(await messagesWith('PodDown')).toBe(1);
  });

  test('that fires again soon after its end goes on in its message', async () => {
    await tell('Again', [alert('Again', 'web-0')]);
    const message = await ada.sees('prod-alerts', /web-0 is down/);
    await tell('Again', [over(alert('Again', 'web-0'))]);
    await ada.seesOn(message, /✅/, LONG);

    await tell('Again', [{ ...alert('Again', 'web-0'), startsAt: new Date().toISOString() }]);

    await ada.seesOn(message, /\[Ack\]/, LONG);
    await ada.sees('prod-alerts', /Failing again/, { thread: message });
  });

  test('is acked and resolved from its buttons; resolved by hand it stays quiet while it is repeated', async () => {
    await tell('ByHand', [alert('ByHand', 'db-0', { severity: 'sev1' })]);
    const message = await ada.sees('prod-alerts', /db-0 is down/);
    expect(message.plain).toContain('CRITICAL');
    await ada.clicks(message, 'Ack');
    await ada.seesOn(message, /ada.* is on it|Acked/i, LONG);

    await ada.clicks(message, 'Resolve', { confirmed: true });
    await ada.seesOn(message, /Resolved by/, LONG);
    await ada.sees('prod-alerts', /Resolved by hand while it still fails/, { thread: message });
    await tell('ByHand', [alert('ByHand', 'db-0', { severity: 'sev1' })]);

    await tell('ByHand', [over(alert('ByHand', 'db-0'))]);
    await tell('ByHand', [{ ...alert('ByHand', 'db-0', { severity: 'sev1' }), startsAt: new Date().toISOString() }]);
    await ada.seesOn(message, /\[Resolve\]/, LONG);
    expect(await repliesWith('Failing again', message)).toBe(1);
  });

  test('that nobody repeats is taken for over', async () => {
    await tell('Silent', [alert('Silent', 'gone-0')], TOKENS.brief);
    const message = await ada.sees('prod-alerts', /gone-0 is down/);

    expect((await ada.seesOn(message, /✅/, LONG)).plain).toMatch(/Taken for over: brief fell silent/);
  });

  test('whose sender falls silent is an incident; its next heartbeat ends it', async () => {
    const message = await ada.sees('prod-alerts', /Watchdog \(brief\)/, LONG);

    const beating = setInterval(() => void tell('Watchdog', [alert('Watchdog', 'none')], TOKENS.brief), 500);
    await ada.seesOn(message, /✅/, LONG).finally(() => clearInterval(beating));

    expect(await messagesWith('none is down')).toBe(0);
  });

  test('is taken once when etcd was away at first and the sender comes again', async () => {
    house.world.etcd.pause();
    const refused = await tell('Retry', [alert('Retry', 'late-0')]).finally(() => house.world.etcd.resume());
    expect(refused.status).toBe(503);
    expect(refused.text).toContain('send it again');

    await expect
      .poll(async () => (await tell('Retry', [alert('Retry', 'late-0')])).status, { timeout: 30_000 })
      .toBe(202);
    await ada.sees('prod-alerts', /late-0 is down/, LONG);
    await tell('Retry', [alert('Retry', 'late-0')]);

    expect(await messagesWith('late-0 is down')).toBe(1);
  });
});

describe('a body', () => {
  test.each([
    [{ alerts: 'none' }, '`alerts` should be a list: is this an Alertmanager webhook (version 4)?'],
    [[], 'The body should be a JSON object, not a list.'],
    [group('Odd', [{ ...alert('Odd', 'x'), status: 'on fire' }]), 'alerts[0].status should be'],
  ])('that is none of Alertmanager’s is refused with what is wrong: %#', async (body, why) => {
    const answer = await post(`/hooks/alertmanager/${TOKENS.prometheus}`, body);

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).error).toContain(why);
  });

  test('for a token that nobody knows, or of another path, goes nowhere', async () => {
    expect((await post('/hooks/alertmanager/guessed-token-0123456789', {})).status).toBe(404);
    expect((await post(`/hooks/alertmanager/${TOKENS.scripts}`, {})).status).toBe(404);
  });
});

describe('an alert of a script', () => {
  const hook = `/hooks/${TOKENS.scripts}`;

  test('opens and closes by its key, and needs no title at its end', async () => {
    await post(hook, { key: 'backup', title: 'Backup failed', text: 'No space left.', severity: 'high' });
    const message = await ada.sees('prod-alerts', /Backup failed/);
    expect(message.plain).toContain('No space left.');
    await post(hook, { key: 'backup', status: 'resolved' });

    expect((await ada.seesOn(message, /✅/, LONG)).plain).toContain('Backup failed');
  });

  test('resolved by hand stays so while the script repeats it, though it never says since when', async () => {
    await post(hook, { key: 'cron', title: 'Cron is late' });
    const message = await ada.sees('prod-alerts', /Cron is late/);
    await ada.clicks(message, 'Resolve', { confirmed: true });
    await ada.seesOn(message, /Resolved by/, LONG);

    await post(hook, { key: 'cron', title: 'Cron is late' });
    await post(hook, { key: 'cron', title: 'Cron is late', severity: 'critical' });

    await ada.sees('prod-alerts', /Failing again/, { thread: message, ...LONG });
    expect(await repliesWith('Failing again', message)).toBe(1);
  });

  test('may be a form with GoAlert’s fields', async () => {
    await post(hook, { summary: 'Disk is full', details: 'On db-1.', dedup: 'disk' }, true);
    const message = await ada.sees('prod-alerts', /Disk is full/);
    await post(hook, { summary: 'Disk is full', action: 'close', dedup: 'disk' }, true);

    await ada.seesOn(message, /✅/, LONG);
  });

  test('may have Grafana OnCall’s fields', async () => {
    const link = 'http://grafana.example.com/d/1';
    const fields = { alert_uid: 'u1', title: 'Latency is high', message: 'p99 is 3 s', link_to_upstream_details: link };
    await post(hook, { ...fields, state: 'alerting' });
    const message = await ada.sees('prod-alerts', /Latency is high/);
    expect(message.plain).toContain('p99 is 3 s');
    await post(hook, { ...fields, state: 'ok' });

    await ada.seesOn(message, /✅/, LONG);
  });
});

test('/alerts bridges tells when each was heard last, and what was wrong', async () => {
  await ada.types('/alerts bridges', { channel: 'ops' });

  const { plain } = await ada.sees('ops', /3 ways in, 0 out/);
  expect(plain).toMatch(/prometheus +alertmanager +listening +\d+s/);
  expect(plain).toMatch(/prometheus refused a body .* ago: /);
  expect(plain).toMatch(/scripts +generic +listening/);
});
