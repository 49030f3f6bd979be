import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let ada: Actor;
let eve: Actor;
beforeAll(async () => {
  house = await startBotWorld();
  const slack = driveSlack(house.world.slack.controlUrl);
  [ada, eve] = [slack.person('ada'), slack.person('eve')];
});
afterAll(() => house.stop());

async function answers(text: string, wanted: string | RegExp): Promise<string> {
  await ada.types(text, { channel: 'ops' });
  return (await ada.sees('ops', wanted)).plain;
}

describe('whatever is typed gets an answer', () => {
  test.each([
    ['/k8s get pods -n shop', /pods in shop · demo/],
    ['/k8s get po -n payments -l app=api', /NAME +READY +STATUS/],
    ['/k8s get deploy,sts -n shop', /statefulset\.apps\/sessions/],
    ['/k8s get deploy/nope -n shop', /Error from server \(NotFound\): deployments\.apps "nope" not found/],
    ['/k8s get frobs', /the server doesn't have a resource type "frobs"/],
    ['/k8s get pods -n nowhere', /No resources found in nowhere namespace/],
    ['/k8s gte pods', /Did you mean \/k8s get\?/],
    ['/k8s scale', /What should be scaled\?/],
    ['/k8s get pods | grep web', /pipes/i],
    ['/k8s get pods --as root', /not available from Slack/],
    ['/k8s scale ds/node-agent 3 -n kube-system', /not scalable|scale/i],
    ['/k8s help scale', /Usage: \/k8s scale/],
    ['/k8s contexts', /demo/],
    ['/k8s rollout status deploy/web -n shop', /successfully rolled out/],
    ['/etcd get /nothing/here', /no such key/],
    ['/etcd get --prefix /registry/', /registry/],
    ['/etcd ls /', /\//],
    ['/shipmate status', /All systems answer/],
    ['/shipmate whoami', /U0ADA/],
    ['/shipmate frobnicate', /does not know "frobnicate"/],
  ])('%s', async (text, wanted) => {
    await answers(text, wanted);
  });

  test('in a direct message without a slash', async () => {
    await ada.types('k8s get pods -n shop', { channel: '@Shipmate' });

    await ada.sees('@Shipmate', /pods in shop/);
  });

  test('after a mention, in the thread of the mention', async () => {
    await ada.types('@Shipmate k8s get deploy -n shop', { channel: 'ops' });
    const asked = (await ada.reads('ops')).find((message) => message.plain.includes('k8s get deploy'));
    if (!asked) throw new Error('the mention is not in the channel');

    await ada.sees('ops', /deployments|NAME/, { thread: asked });
  });

  test('to a mention of nothing in particular', async () => {
    await ada.types('@Shipmate', { channel: 'prod-alerts' });
    const asked = (await ada.reads('prod-alerts')).at(-1);
    if (!asked) throw new Error('the mention is not in the channel');

    await ada.sees('prod-alerts', 'What Shipmate can do', { thread: asked });
  });

  test('even where the bot is not a member', async () => {
    await ada.types('/k8s get ns', { channel: 'random' });
    await ada.sees('random', /shop/);
  });

  test('and is seen only by the one who asked, unless they want otherwise', async () => {
    await ada.types('/k8s get nodes', { channel: 'ops' });
    await ada.sees('ops', 'harbour-1');
    expect((await eve.sawOnly('ops')).some((text) => text.includes('harbour-1'))).toBe(false);

    await ada.types('/k8s get nodes --public', { channel: 'ops' });
    await eve.sees('ops', 'harbour-1');
  });

  test('also to people who may do nothing', async () => {
    await eve.types('/k8s get pods', { channel: 'ops' });
    await eve.sees('ops', /Denied.*does not work for guests/s);
  });
});

describe('a long result', () => {
  test('is turned page by page without asking the cluster again', async () => {
    for (let index = 0; index < 60; index++) {
      await house.cluster.request({
        method: 'POST',
        resource: { group: '', version: 'v1', plural: 'configmaps', namespaced: true },
        namespace: 'shop',
        body: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `page-${String(index).padStart(2, '0')}` },
          data: {},
        },
      });
    }
    await ada.types('/k8s get cm -n shop', { channel: 'ops' });
    const first = await ada.sees('ops', 'page-00');
    expect(first.plain).not.toContain('page-30');

    await ada.clicks(first, 'next');
    const second = await ada.sees('ops', 'page-30');
    await ada.clicks(second, 'prev');

    await ada.sees('ops', 'page-00');
  });
});

describe('the App Home', () => {
  test('shows what this person may do', async () => {
    const home = await ada.home('k8s');

    expect(home.plain).toMatch(/\/k8s .*scale/);
    expect(home.plain).toContain('/alerts ack');
  });
});

describe('the metrics page', () => {
  test('counts what was answered', async () => {
    await answers('/k8s help', /What \/k8s can do/);
    const app = await house.replica({ SHIPMATE_ROLES: 'worker' });

    const ready = await fetch(`http://127.0.0.1:${app.httpPort}/readyz`);
    const metrics = await (await fetch(`http://127.0.0.1:${app.httpPort}/metrics`)).text();

    expect(ready.status).toBe(200);
    expect(metrics).toContain('shipmate_command_duration_seconds');
  });
});
