import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NODES, node } from '../../deploy/sandbox/story/workloads.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, deploymentIn, messagesOf } from '../support/changes.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import type { Actor } from '../support/person.ts';
import { type PracticeCluster, startPracticeCluster } from '../support/practice-cluster.ts';
import { driveSlack } from '../support/practice-slack.ts';

let dir: string;
let cluster: PracticeCluster;
let proxy: FaultProxy;
let house: BotWorld;
let slack: ReturnType<typeof driveSlack>;
let ada: Actor;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shipmate-outages-'));
  cluster = await startPracticeCluster({ speed: 20, seed: NODES.map(node) });
  proxy = await startFaultProxy(cluster.url);
  const kubeconfig = join(dir, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig.replaceAll(cluster.url, proxy.url));
  house = await startBotWorld({ cluster: { alias: 'demo', kubeconfig } });
  slack = driveSlack(house.world.slack.controlUrl);
  ada = slack.person('ada');
});
afterAll(async () => {
  await house.stop();
  await proxy.stop();
  await cluster.stop();
  await rm(dir, { recursive: true, force: true });
});

const generation = async (name: string): Promise<number> => (await deploymentIn(house, name)).metadata.generation ?? 0;

describe('a change', () => {
  test('whose PUT is carried out but never answered is found done', async () => {
    const before = await generation('cart');
    const card = await asksFor(ada, '/k8s scale deploy/cart 3 -n shop', 'to 3 replicas');
    proxy.set({ method: /PUT/, path: /\/scale/, fault: 'cut-after', times: 1 });

    await ada.clicks(card, 'confirm', { confirmed: true });
    await ada.seesOn(card, 'Succeeded', { withinMs: 30_000 });

    expect(await generation('cart')).toBe(before + 1);
    proxy.clear();
  });

  test('whose API server answers 503 for a while is done when it is back', async () => {
    const before = await generation('catalog');
    const card = await asksFor(ada, '/k8s scale deploy/catalog 4 -n shop', 'to 4 replicas');
    proxy.set({ fault: 'status', code: 503, times: 4 });

    await ada.clicks(card, 'confirm', { confirmed: true });
    await ada.seesOn(card, 'Succeeded', { withinMs: 60_000 });

    expect(await generation('catalog')).toBe(before + 1);
    proxy.clear();
  });

  test('survives an API server that hangs up in the middle of the rollout', async () => {
    const card = await asksFor(ada, '/k8s rollout restart deploy/search -n shop', 'search');
    await ada.clicks(card, 'confirm', { confirmed: true });
    proxy.cutAll();

    await ada.seesOn(card, 'Succeeded', { withinMs: 60_000 });
  });

  test('confirmed while Redis was emptied is done all the same', async () => {
    const before = await generation('web');
    const card = await asksFor(ada, '/k8s scale deploy/web 3 -n shop', 'to 3 replicas');

    await house.world.redis.kill();
    await house.world.redis.restart();
    await expect
      .poll(() => ada.clicks(card, 'confirm', { confirmed: true }).then((clicked) => clicked.acknowledged), {
        timeout: 30_000,
      })
      .toBe(true);
    await ada.seesOn(card, 'Succeeded', { withinMs: 60_000 });

    expect(await generation('web')).toBe(before + 1);
  });

  test('asked for while Slack answers 502 after posting has one message', async () => {
    await slack.breaks({ calls: [{ method: 'chat.postMessage', statusAfter: 502, count: 1 }] });

    const card = await asksFor(ada, '/etcd put /chaos/slack-502 value', '/chaos/slack-502');
    await ada.clicks(card, 'confirm', { confirmed: true });
    await ada.seesOn(card, 'Succeeded', { withinMs: 30_000 });

    expect(await messagesOf(ada, card)).toHaveLength(1);
    await slack.repairs();
  });

  test('asked for while Slack is down for posts gets its card when Slack is back', async () => {
    await slack.breaks({ calls: [{ method: 'chat.postMessage', status: 503, count: 3 }] });

    const card = await asksFor(ada, '/etcd put /chaos/slack-503 value', '/chaos/slack-503');

    expect(await messagesOf(ada, card)).toHaveLength(1);
    await slack.repairs();
  });

  test('confirmed while etcd was killed is decided when it is back', async () => {
    const before = await generation('cart');
    const card = await asksFor(ada, '/k8s scale deploy/cart 2 -n shop', 'to 2 replicas');

    await house.world.etcd.kill();
    await ada.clicks(card, 'confirm', { confirmed: true });
    await house.world.etcd.restart();
    await ada.seesOn(card, 'Succeeded', { withinMs: 60_000 });

    expect(await generation('cart')).toBe(before + 1);
  });
});

describe('a frozen Redis', () => {
  test('is told to the person within three seconds, honestly', async () => {
    house.world.redis.pause();
    try {
      const answer = await ada.types('/k8s get pods -n shop', { channel: 'ops' });

      expect(answer).toMatchObject({ kind: 'command', acknowledged: true });
      await ada.sees('ops', /not confirm|could not be confirmed|did not confirm/i);
    } finally {
      house.world.redis.resume();
    }
  });
});
