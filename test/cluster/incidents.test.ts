import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';
import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
import { delay } from '../../src/time.ts';
import { shortened } from '../quiet/shortened.ts';
import { release, workload } from '../quiet/stories/story.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

/** Holds of minutes are seconds here. */
const PACE = 30;
const LONG = { withinMs: 60_000 };
const GOOD = 'registry.example.com/shop/web:1';
const BAD = 'registry.example.com/shop/web:2-does-not-exist';

describe('incidents on a real control plane', () => {
  let controlPlane: ControlPlane;
  let bot: BotWorld;
  let ada: Actor;
  let idleFrom: number;
  let idleUntil: number;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ nodes: ['node-1', 'node-2', 'node-silent'] });
    await kubectl('taint', 'node', 'node-silent', 'nobody=here:NoSchedule');
    await kubectl('create', 'namespace', 'shop');
    await kubectl('create', 'namespace', 'small');
    await kubectl('create', 'quota', 'pods', '-n', 'small', '--hard=pods=1');
    const short = Object.entries(await shortened(PACE)).filter(([id]) => !id.startsWith('M'));
    const rules = { ...Object.fromEntries(short), '*': { resolveAfter: '2s' } };
    const alerts = { rules, storm: { incidents: 0, sharing: 50 } };
    const cluster = { alias: 'real', kubeconfig: controlPlane.kubeconfig };
    bot = await startBotWorld({ cluster, seeded: false, config: { alerts } });
    ada = driveSlack(bot.world.slack.controlUrl).person('ada');
    await becomesIdle();
    idleFrom = await revision();
    // Longer than everything that Shipmate does regularly but the 10 min relist: watches, looks at itself, marks, a slice of the sweep.
    await delay(7_000);
    idleUntil = await revision();
    await breakEverything();
  });
  afterAll(async () => {
    await bot?.stop();
    await controlPlane?.stop();
  });

  function kubectl(...args: string[]): Promise<string> {
    return controlPlane.kubectl(args);
  }

  /** How often Shipmate's own etcd was written to. */
  async function revision(): Promise<number> {
    const body = JSON.stringify({ key: btoa('nothing') });
    const answer = await fetch(`${bot.world.etcd.endpoint}/v3/kv/range`, { method: 'POST', body });
    return Number(((await answer.json()) as { header: { revision: string } }).header.revision);
  }

  /** After the start: campaigns, first list, first look. */
  async function becomesIdle(): Promise<void> {
    for (let before = -1, now = await revision(); before !== now; now = await revision()) {
      before = now;
      await delay(1_500);
    }
  }

  async function apply(name: string, namespace: string, manifest: object): Promise<void> {
    const named = { ...manifest, metadata: { name, namespace } };
    await controlPlane.kubectl(['apply', '-f', '-'], { input: JSON.stringify(named) });
  }

  async function breakEverything(): Promise<void> {
    for (const kind of ['Deployment', 'StatefulSet'] as const) {
      const name = kind === 'Deployment' ? 'web' : 'db';
      await apply(name, 'shop', workload(kind, { replicas: 2, image: GOOD }));
      await kubectl('rollout', 'status', `${kind.toLowerCase()}/${name}`, '-n', 'shop', '--timeout=30s');
      await kubectl('patch', kind, name, '-n', 'shop', '-p', JSON.stringify(release(BAD)));
    }
    await apply('crashing', 'shop', workload('Deployment', { replicas: 1, fault: 'crash-loop' }));
    await apply('hungry', 'shop', workload('Deployment', { replicas: 1, fault: 'oom' }));
    await apply('huge', 'shop', workload('Deployment', { replicas: 1, pod: asking('1000') }));
    await apply('crowd', 'small', workload('Deployment', { replicas: 3 }));
    const pod = { metadata: { annotations: { 'practice.shipmate/fault': 'exit=1' } }, spec: jobPod };
    await apply('import', 'shop', { apiVersion: 'batch/v1', kind: 'Job', spec: { backoffLimit: 0, template: pod } });
    await kubectl('annotate', 'node', 'node-silent', 'practice.shipmate/fault=not-ready');
  }

  async function about(what: RegExp): Promise<SeenMessage> {
    return ada.sees('prod-alerts', what, LONG);
  }

  async function isOver(message: SeenMessage): Promise<void> {
    const over = await ada.seesOn(message, /Resolved/, LONG);
    expect(over.plain).not.toContain('[Resolve]');
  }

  test('while nothing happens nothing is written', () => {
    expect(idleUntil - idleFrom).toBe(0);
  });

  test('a failed Job says why, and is over when it is deleted', async () => {
    const message = await about(/shop\/job\/import.*job failed/s);
    expect(message.plain).toContain('exit code 1');
    expect(
      await kubectl('get', 'job', 'import', '-n', 'shop', '-o', 'jsonpath={.status.conditions[*].reason}'),
    ).toContain('BackoffLimitExceeded');

    await kubectl('delete', 'job', 'import', '-n', 'shop');
    await isOver(message);
  });

  test('a bad image is rolled back from its message', { timeout: 120_000 }, async () => {
    const message = await about(/shop\/deployment\/web/);
    const stalled = await ada.seesOn(message, /cannot be pulled.*2 of 2 old pods still serve/s, LONG);

    await ada.clicks(stalled, 'Roll back web');
    const card = await ada.sees('prod-alerts', /Needs confirmation/, { ...LONG, thread: stalled });
    expect(card.plain).toContain(`- ${BAD}\n  + ${GOOD}`);
    await ada.clicks(card, 'confirm', { confirmed: true });

    await isOver(message);
    const image = 'jsonpath={.spec.template.spec.containers[0].image}';
    expect(await kubectl('get', 'deployment', 'web', '-n', 'shop', '-o', image)).toBe(GOOD);
  });

  test('a stuck StatefulSet names the pod that holds it up; rolled back, it names the pod to delete', {
    timeout: 180_000,
  }, async () => {
    const message = await about(/shop\/statefulset\/db/);
    await ada.seesOn(message, /db-1.*cannot be pulled/s, LONG);

    await ada.types('/k8s rollout undo statefulset/db -n shop', { channel: 'ops' });
    const card = await ada.sees('ops', /statefulset.apps\/db/, LONG);
    await ada.clicks(card, 'confirm', { confirmed: true });
    // kubernetes#67250: the controller waits for a pod of the bad revision, which never becomes ready.
    await ada.seesOn(message, /delete.*db-1|db-1.*delete/is, LONG);

    await kubectl('delete', 'pod', 'db-1', '-n', 'shop');
    await isOver(message);
    await kubectl('rollout', 'status', 'statefulset/db', '-n', 'shop', '--timeout=10s');
  });

  test('a pod that fits nowhere is told in the numbers of the scheduler', async () => {
    const message = await about(/shop\/deployment\/huge/);
    const told = await ada.seesOn(message, /no node fits/, LONG);
    const theirs = await kubectl(
      'get',
      'pods',
      '-n',
      'shop',
      '-l',
      'app=web',
      '-o',
      'jsonpath={.items[*].status.conditions[*].message}',
    );
    const [, count] = /(\d+) Insufficient cpu/.exec(theirs) ?? [];
    expect(told.plain).toContain(`${count} insufficient cpu`);

    await kubectl(
      'patch',
      'deployment',
      'huge',
      '-n',
      'shop',
      '-p',
      JSON.stringify({ spec: { template: { spec: asking('10m') } } }),
    );
    await isOver(message);
  });

  test('pods that a quota refuses are told with the quota, and are over when there is room', async () => {
    const message = await about(/small\/deployment\/crowd/);
    const told = await ada.seesOn(message, /quota/, LONG);
    const theirs = await kubectl(
      'get',
      'deployment',
      'crowd',
      '-n',
      'small',
      '-o',
      'jsonpath={.status.conditions[?(@.type=="ReplicaFailure")].message}',
    );
    expect(theirs).toContain('exceeded quota: pods');
    expect(told.plain).toMatch(/quota pods is full/);

    await kubectl('patch', 'quota', 'pods', '-n', 'small', '-p', JSON.stringify({ spec: { hard: { pods: '10' } } }));
    await isOver(message);
  });

  test('a container that was out of memory is one message', async () => {
    const message = await about(/shop\/deployment\/hungry.*out of memory/s);
    expect(message.plain).toContain('137');
  });

  test('a crash loop is acked, and over when the Deployment is gone', { timeout: 120_000 }, async () => {
    const message = await about(/shop\/deployment\/crashing.*crashes/s);
    expect(message.plain).toContain('exit code 1');
    // It is its first release.
    expect(message.plain).not.toContain('Roll back');

    await ada.clicks(message, 'Ack');
    await ada.seesOn(message, /Acked/, LONG);
    await kubectl('delete', 'deployment', 'crashing', '-n', 'shop');
    await isOver(message);
  });

  test('an API server that comes back without its past costs no incident and makes none twice', {
    timeout: 120_000,
  }, async () => {
    const before = (await ada.sawOnly('prod-alerts')).length;
    const server = controlPlane.component('kube-apiserver');
    await server.kill();
    const { header } = JSON.parse(await controlPlane.etcdctl(['get', 'nothing', '-w', 'json']));
    await controlPlane.etcdctl(['compact', String(header.revision)]);
    await server.restart();

    const node = await about(/node\/node-silent/);
    await expect
      .poll(() => kubectl('annotate', 'node', 'node-silent', 'practice.shipmate/fault-').catch(() => ''), {
        timeout: LONG.withinMs,
      })
      .toContain('annotated');
    await isOver(node);
    expect(await ada.sawOnly('prod-alerts')).toHaveLength(before);
  });
});

const jobPod = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'registry.example.com/shop/import:1' }] };

function asking(cpu: string): object {
  return { containers: [{ name: 'main', image: GOOD, resources: { requests: { cpu } } }] };
}
