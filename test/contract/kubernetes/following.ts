import { expect, test } from 'vitest';
import { followWorkload } from '../../../src/kubernetes/rollout-follow.ts';
import { rolloutVerdict } from '../../../src/kubernetes/rollout-status.ts';
import { readScale, type ScalePlan, writeScale } from '../../../src/kubernetes/scale.ts';
import { followScale } from '../../../src/kubernetes/scale-follow.ts';
import { readWorkload, type WorkloadRef } from '../../../src/kubernetes/workload.ts';
import { systemClock } from '../../../src/time.ts';
import { type Ground, workloadSpec } from './ground.ts';

const doing = { clock: systemClock, signal: new AbortController().signal };
const patience = { ...doing, timeoutMs: 25_000 };

export function followingContract(here: () => Ground): void {
  async function scaled(ref: WorkloadRef, to: number) {
    const { cluster } = here();
    const object = await readWorkload(cluster, ref);
    const { replicas } = await readScale(cluster, ref);
    const plan: ScalePlan = { ref, generation: object.metadata.generation, from: replicas, to };
    return { plan, effect: await writeScale(cluster, plan, doing) };
  }

  async function ready(ref: WorkloadRef) {
    return followWorkload({
      cluster: here().cluster,
      ref,
      judge: (object) => rolloutVerdict(object),
      onWaiting: () => undefined,
      ...patience,
    });
  }

  test('a new Deployment rolls out', async () => {
    await here().deployment('fresh', 2);
    const ref = await here().ref('deployments', 'fresh');

    expect(await ready(ref)).toMatchObject({
      state: 'done',
      text: 'deployment "fresh" successfully rolled out',
      done: 2,
      total: 2,
    });
  });

  test('with no time to wait, it is still looked at once', async () => {
    const ref = await here().ref('deployments', 'fresh');
    const judge = (object: Parameters<typeof rolloutVerdict>[0]) => rolloutVerdict(object);
    const followed = await followWorkload({
      ...{ cluster: here().cluster, ref, judge, onWaiting: () => undefined },
      ...{ ...doing, timeoutMs: 0 },
    });

    expect(followed).toMatchObject({ state: 'done', done: 2, total: 2 });
  });

  test('a scaling up and down is followed until exactly that many are ready', async () => {
    const { cluster } = here();
    const ref = await here().ref('deployments', 'fresh');
    const seen: { done: number; total: number }[] = [];
    const progress = (state: { done: number; total: number }) => seen.push(state);

    const up = await scaled(ref, 5);
    const grown = await followScale(cluster, up.plan, up.effect, { ...patience, progress });
    expect(grown).toMatchObject({ state: 'done', text: 'deployment "fresh" successfully rolled out (5/5 ready)' });
    expect((await readWorkload(cluster, ref)).status).toMatchObject({ replicas: 5, availableReplicas: 5 });

    const down = await scaled(ref, 1);
    const shrunk = await followScale(cluster, down.plan, down.effect, { ...patience, progress });
    expect(shrunk).toMatchObject({ state: 'done', done: 1, total: 1 });
    expect((await readWorkload(cluster, ref)).status).toMatchObject({ replicas: 1, availableReplicas: 1 });
    expect(seen.every(({ done, total }) => done <= total)).toBe(true);
  });

  test('a StatefulSet is followed the same way', async () => {
    const { cluster, create, ref } = here();
    await create('statefulsets', {
      metadata: { name: 'db' },
      spec: { replicas: 1, serviceName: 'db', podManagementPolicy: 'Parallel', ...workloadSpec('db') },
    });
    const db = await ref('statefulsets', 'db');
    expect(await ready(db)).toMatchObject({ state: 'done' });

    const { plan, effect } = await scaled(db, 3);
    const followed = await followScale(cluster, plan, effect, { ...patience, progress: () => undefined });

    expect(followed).toMatchObject({ state: 'done', text: 'statefulset "db" scaled (3/3 ready)' });
  });

  test('a DaemonSet rolls out', async () => {
    const { create, ref } = here();
    await create('daemonsets', { metadata: { name: 'agent' }, spec: workloadSpec('agent') });

    expect(await ready(await ref('daemonsets', 'agent'))).toMatchObject({
      state: 'done',
      text: 'daemon set "agent" successfully rolled out',
    });
  });

  test('a scaling that somebody else overrides is told as superseded', async () => {
    const { cluster, create, ref } = here();
    // Nothing can be scheduled, so that it cannot be ready before it is overridden.
    const { selector, template } = workloadSpec('torn') as { selector: object; template: { spec: object } };
    await create('deployments', {
      metadata: { name: 'torn' },
      spec: {
        replicas: 1,
        selector,
        template: { ...template, spec: { ...template.spec, nodeSelector: { no: 'such' } } },
      },
    });
    const torn = await ref('deployments', 'torn');
    const { plan, effect } = await scaled(torn, 3);
    const following = followScale(cluster, plan, effect, { ...patience, progress: () => undefined });

    await scaled(torn, 2);

    expect(await following).toMatchObject({ state: 'superseded' });
  });

  test('the pods that hold a rollout back are named while it waits', async () => {
    const { cluster } = here();
    const torn = await here().ref('deployments', 'torn');
    const { plan, effect } = await scaled(torn, 4);
    const waiting: string[] = [];

    const followed = await followScale(cluster, plan, effect, {
      ...doing,
      timeoutMs: 4_000,
      progress: (state) => waiting.push(state.waiting),
    });

    expect(followed).toMatchObject({ state: 'timeout', done: 0, total: 4 });
    expect(waiting.at(-1)).toContain('Unschedulable');
  });

  test('a deletion ends the following', async () => {
    const { cluster } = here();
    const torn = await here().ref('deployments', 'torn');
    const following = ready(torn);

    const { resource, namespace, name } = torn;
    await cluster.request({ method: 'DELETE', resource, namespace, name });

    expect(await following).toMatchObject({ state: 'gone', text: 'object has been deleted' });
  });
}
