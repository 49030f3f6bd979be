import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';
import { NODES } from '../../deploy/sandbox/story/workloads.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

interface Deployment {
  readonly metadata: { generation: number; managedFields: { manager: string; subresource?: string }[] };
  readonly spec: { replicas: number; template: { metadata: { annotations?: Record<string, string> } } };
  readonly status: { readyReplicas?: number };
}

describe('the whole bot on a real control plane', () => {
  let controlPlane: ControlPlane;
  let bot: BotWorld;
  let ada: Actor;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ nodes: NODES });
    bot = await startBotWorld({ cluster: { alias: 'real', kubeconfig: controlPlane.kubeconfig } });
    ada = driveSlack(bot.world.slack.controlUrl).person('ada');
  });
  afterAll(async () => {
    await bot?.stop();
    await controlPlane?.stop();
  });

  async function deployment(name: string): Promise<Deployment> {
    return JSON.parse(
      await controlPlane.kubectl(['get', 'deployment', name, '-n', 'shop', '-o', 'json', '--show-managed-fields']),
    );
  }

  async function asks(text: string): Promise<void> {
    await ada.types(text, { channel: 'ops' });
  }

  test('/k8s scale typed by Ada and confirmed changes the replicas once, reaches 5/5, and kubectl agrees', async () => {
    const before = await deployment('web');

    await asks('/k8s scale deploy/web 5 -n shop');
    const card = await ada.sees('ops', 'Scale deployment.apps/web from 2 to 5 replicas');
    await ada.clicks(card, 'confirm');
    await ada.seesOn(card, '5/5 ready', { withinMs: 30_000 });

    const after = await deployment('web');
    expect(after.spec.replicas).toBe(5);
    expect(after.status.readyReplicas).toBe(5);
    expect(after.metadata.generation).toBe(before.metadata.generation + 1);
    expect(after.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: expect.stringMatching(/^shipmate/), subresource: 'scale' }),
    );
    const scaled = await controlPlane.kubectl(['rollout', 'status', 'deployment/web', '-n', 'shop']);
    expect(scaled.trim()).toBe('deployment "web" successfully rolled out');
  });

  test('a workload that does not exist is told before anybody is asked to confirm', async () => {
    await asks('/k8s scale deploy/nope 5 -n shop');

    await ada.sees('ops', 'Error from server (NotFound): deployments.apps "nope" not found');
  });

  test('/k8s rollout restart gives every pod a new template, as kubectl does', async () => {
    await asks('/k8s rollout restart deploy/cart -n shop');
    const card = await ada.sees('ops', /restart deployment.apps\/cart/i);
    await ada.clicks(card, 'confirm');
    await ada.seesOn(card, 'successfully rolled out', { withinMs: 30_000 });

    const { spec } = await deployment('cart');
    expect(spec.template.metadata.annotations).toHaveProperty('kubectl.kubernetes.io/restartedAt');
    expect(await controlPlane.kubectl(['rollout', 'history', 'deployment/cart', '-n', 'shop'])).toMatch(/^2 /m);
  });

  test('/k8s get shows the lines that kubectl shows', async () => {
    await asks('/k8s get deploy,statefulset -n shop');
    const message = await ada.sees('ops', 'statefulset.apps/sessions');

    const theirs = await controlPlane.kubectl(['get', 'deploy,statefulset', '-n', 'shop', '--no-headers']);
    // Ages may have moved on by a second.
    const cells = (line: string): string => line.trim().split(/\s+/).slice(0, -1).join(' ');
    const shown = message.plain.split('\n').map(cells);
    for (const line of theirs.split('\n').filter((each) => each !== '')) expect(shown).toContain(cells(line));
  });

  test('a stalled release is told in kubectl words', async () => {
    await asks('/k8s rollout status deploy/checkout -n shop --watch=false');

    const theirs = await controlPlane.kubectl(['rollout', 'status', 'deploy/checkout', '-n', 'shop', '--watch=false']);
    await ada.sees('ops', theirs.trim());
  });

  test('while the API server hangs the answer says so in time, and afterwards all is well', async () => {
    const server = controlPlane.component('kube-apiserver');
    server.pause();
    await asks('/k8s get pods -n payments');
    await ada.sees('ops', /real.*(no answer|deadline|timed out|did not answer)/is, { withinMs: 20_000 });
    server.resume();

    await asks('/k8s get statefulsets -n payments');
    await ada.sees('ops', 'ledger', { withinMs: 20_000 });
  });

  test('an API server that is killed between the question and the confirmation costs nothing but time', async () => {
    const before = await deployment('catalog');
    await asks('/k8s scale deploy/catalog 4 -n shop');
    const card = await ada.sees('ops', 'Scale deployment.apps/catalog from 3 to 4 replicas');

    const server = controlPlane.component('kube-apiserver');
    await server.kill();
    await ada.clicks(card, 'confirm');
    await server.restart();
    const outcome = await ada.seesOn(card, /4\/4 ready|Failed|Unknown/, { withinMs: 60_000 });

    // Whatever it says is true.
    const after = await deployment('catalog');
    const isDone = outcome.plain.includes('4/4 ready');
    expect(after.spec.replicas).toBe(isDone ? 4 : 3);
    expect(after.metadata.generation).toBe(before.metadata.generation + (isDone ? 1 : 0));
  });
});

describe('the bot as a process, killed while it changes a real cluster', () => {
  let controlPlane: ControlPlane;
  let bot: BotWorld;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ nodes: NODES });
    bot = await startBotWorld({ cluster: { alias: 'real', kubeconfig: controlPlane.kubeconfig }, bots: 0 });
  });
  afterAll(async () => {
    await bot?.stop();
    await controlPlane?.stop();
  });

  test('kill -9 after the confirmation leaves one change and a true outcome', async () => {
    const supervised = await bot.process();
    const ada = driveSlack(bot.world.slack.controlUrl).person('ada');
    const generation = (): Promise<string> =>
      controlPlane.kubectl(['get', 'deploy', 'web', '-n', 'shop', '-o', 'jsonpath={.metadata.generation}']);
    const before = Number(await generation());
    await ada.types('/k8s scale deploy/web 5 -n shop', { channel: 'ops' });
    const card = await ada.sees('ops', 'from 2 to 5 replicas');

    await ada.clicks(card, 'confirm');
    // Its pods take two seconds to start: the bot is killed after its write and before its outcome.
    await expect.poll(generation, { interval: 20, timeout: 10_000 }).toBe(`${before + 1}`);
    const killed = supervised.pid() as number;
    process.kill(killed, 'SIGKILL');
    // The queue waits out the dead worker's lock before another may look.
    await ada.seesOn(card, '5/5 ready', { withinMs: 120_000 });

    expect(supervised.pid()).not.toBe(killed);
    expect(Number(await generation())).toBe(before + 1);
    const told = (await ada.reads('ops')).filter((message) => message.plain.includes('5/5 ready'));
    expect(told).toHaveLength(1);
  }, 150_000);
});

describe("the bot with no more than the manifests' rights on a real control plane", () => {
  let controlPlane: ControlPlane;
  let bot: BotWorld;
  let ada: Actor;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ nodes: NODES });
    const seeding = await startBotWorld({ cluster: { alias: 'real', kubeconfig: controlPlane.kubeconfig }, bots: 0 });
    await seeding.stop();
    await controlPlane.kubectl(['apply', '-k', new URL('../../deploy/kubernetes/', import.meta.url).pathname]);
    const kubeconfig = await controlPlane.kubeconfigFor({ serviceAccount: 'shipmate', namespace: 'shipmate' });
    bot = await startBotWorld({ cluster: { alias: 'real', kubeconfig }, seeded: false });
    ada = driveSlack(bot.world.slack.controlUrl).person('ada');
  });
  afterAll(async () => {
    await bot?.stop();
    await controlPlane?.stop();
  });

  test('scales and follows', async () => {
    await ada.types('/k8s scale deploy/web 3 -n shop', { channel: 'ops' });
    const card = await ada.sees('ops', 'from 2 to 3 replicas');
    await ada.clicks(card, 'confirm');

    await ada.seesOn(card, '3/3 ready', { withinMs: 30_000 });
  });

  test('restarts a StatefulSet and a DaemonSet', async () => {
    for (const what of ['statefulset/sessions -n shop', 'daemonset/node-agent -n kube-system']) {
      const last = (await ada.reads('ops')).at(-1);
      await ada.types(`/k8s rollout restart ${what}`, { channel: 'ops' });
      const card = await ada.sees('ops', /restart/i, last ? { after: last } : {});
      await ada.clicks(card, 'confirm');
      await ada.seesOn(card, /Succeeded/, { withinMs: 30_000 });
    }
  });

  test('is told by the API server what it may not do, and passes that on', async () => {
    await controlPlane.kubectl(['delete', 'clusterrolebinding', 'shipmate-change', 'shipmate-read']);
    const forbidden =
      'Error from server (Forbidden): secrets is forbidden: User "system:serviceaccount:shipmate:shipmate" cannot list resource "secrets" in API group "" in the namespace "shop"';

    await expect
      .poll(
        async () => {
          const last = (await ada.reads('ops')).at(-1);
          await ada.types('/k8s get secrets -n shop', { channel: 'ops' });
          return (await ada.sees('ops', /./, last ? { after: last } : {})).plain;
        },
        { timeout: 20_000 },
      )
      .toContain(forbidden);
  });
});
