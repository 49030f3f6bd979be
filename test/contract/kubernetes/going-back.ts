import { expect, test, vi } from 'vitest';
import { ConflictError, NotFoundError } from '../../../src/errors.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { deletePod, isDeleted, tryDelete } from '../../../src/kubernetes/delete-pod.ts';
import { eventsAbout } from '../../../src/kubernetes/events.ts';
import { checkRun, contentDigest, type RunPlan, startRun, tryRun } from '../../../src/kubernetes/job-run.ts';
import { currentRevision, type Revision, revisionsOf } from '../../../src/kubernetes/revisions.ts';
import { imagesOf, templateDigest, templateOf } from '../../../src/kubernetes/template.ts';
import { templateDiff } from '../../../src/kubernetes/template-diff.ts';
import { checkToggle, tryToggle, writeToggle } from '../../../src/kubernetes/toggle.ts';
import {
  checkUndo,
  tryUndo,
  type UndoPlan,
  contentDigest as undoContent,
  writeUndo,
} from '../../../src/kubernetes/undo.ts';
import { readWorkload } from '../../../src/kubernetes/workload.ts';
import { systemClock } from '../../../src/time.ts';
import { errorOf, type Ground, workloadSpec } from './ground.ts';

const doing = { clock: systemClock, signal: new AbortController().signal };
const BAD = 'registry.example/main:2';

/** Rolling back, pausing, deleting and starting: what each may rely on. */
export function goingBackContract(here: () => Ground): void {
  async function release(type: string, name: string, image: string): Promise<void> {
    const { cluster, namespace, resource } = here();
    await cluster.request({
      method: 'PATCH',
      resource: await resource(type),
      namespace,
      name,
      contentType: 'application/strategic-merge-patch+json',
      body: { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } },
    });
  }

  /** The history once it has so many revisions, and knows which one is wished for. */
  async function history(
    type: string,
    name: string,
    count: number,
  ): Promise<{ object: KubeObject; all: readonly Revision[] }> {
    const { cluster, ref } = here();
    const target = await ref(type, name);
    return vi.waitFor(
      async () => {
        const object = await readWorkload(cluster, target);
        const all = await revisionsOf(cluster, object, target.resource.kind);
        expect(all).toHaveLength(count);
        expect(currentRevision(object, all)).toBe(all.at(-1));
        return { object, all };
      },
      { timeout: 30_000, interval: 100 },
    );
  }

  async function planned(
    type: string,
    name: string,
  ): Promise<{ plan: UndoPlan; revision: Revision; object: KubeObject }> {
    const { cluster, ref } = here();
    const { object, all } = await history(type, name, 2);
    const target = await ref(type, name);
    const revision = all[0] as Revision;
    const plan: UndoPlan = {
      ref: target,
      generation: object.metadata.generation,
      revision: revision.number,
      keeper: revision.keeper.metadata.name ?? '',
      content: undoContent(target.resource.kind, revision),
      template: await tryUndo(cluster, target, object, revision),
    };
    return { plan, revision, object };
  }

  async function make(type: string, name: string): Promise<void> {
    const { create } = here();
    const spec = workloadSpec(name) as Record<string, unknown>;
    if (type === 'daemonsets') await create(type, { metadata: { name }, spec });
    else await create(type, { metadata: { name }, spec: { replicas: 1, serviceName: name, ...spec } });
    await history(type, name, 1);
    await release(type, name, BAD);
  }

  test.each([
    ['deployments', 'back'],
    ['statefulsets', 'back-set'],
    ['daemonsets', 'back-each'],
  ])('%s go back to the template that was there before', async (type, name) => {
    await make(type, name);
    const { cluster } = here();
    const { plan, revision, object } = await planned(type, name);
    expect(templateDiff(revision.template, templateOf(object)).map(({ path }) => path)).toEqual([
      'spec.containers[main].image',
    ]);
    expect(plan.template).toBe(templateDigest(revision.template));
    expect(imagesOf(templateOf(await readWorkload(cluster, plan.ref)))).toEqual([BAD]);
    expect(await checkUndo(cluster, plan)).toEqual({ applied: false });

    const effect = await writeUndo(cluster, plan, doing);

    expect(imagesOf(templateOf(await readWorkload(cluster, plan.ref)))).toEqual(['registry.example/main:1']);
    expect(await checkUndo(cluster, plan)).toEqual({ applied: true, effect });
    expect(await errorOf(writeUndo(cluster, plan, doing))).toBeInstanceOf(ConflictError);
  });

  test('a Deployment that changed after the plan does not go back', async () => {
    await make('deployments', 'moved-on');
    const { cluster } = here();
    const { plan } = await planned('deployments', 'moved-on');
    await release('deployments', 'moved-on', 'registry.example/main:3');

    expect((await errorOf(writeUndo(cluster, plan, doing))).message).toContain('changed since the plan was made');
    expect(await checkUndo(cluster, plan)).toMatchObject({ applied: 'unknown' });
  });

  test('a rollout is paused and resumed, and leaves no field behind', async () => {
    const { cluster, deployment, ref } = here();
    await deployment('held', 0);
    const target = await ref('deployments', 'held');
    const toggle = async (to: boolean) => {
      const { generation } = (await readWorkload(cluster, target)).metadata;
      const plan = { ref: target, generation, field: 'paused' as const, to };
      await tryToggle(cluster, plan);
      expect(await checkToggle(cluster, plan)).toEqual({ applied: false });
      await writeToggle(cluster, plan, doing);
      expect(await checkToggle(cluster, plan)).toEqual({ applied: true });
    };

    await toggle(true);
    await toggle(false);

    expect((await readWorkload(cluster, target)).spec).not.toHaveProperty('paused', true);
  });

  test('a pod is deleted only while it is the one that was meant', async () => {
    const { cluster, create, ref } = here();
    const spec = { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'registry.example/main:1' }] };
    await create('pods', { metadata: { name: 'one' }, spec });
    const plan = { ref: await ref('pods', 'one') };
    await tryDelete(cluster, plan);
    expect(await isDeleted(cluster, plan)).toBe(false);

    expect(await errorOf(deletePod(cluster, { ref: { ...plan.ref, uid: 'another' } }))).toBeInstanceOf(ConflictError);
    expect(await isDeleted(cluster, plan)).toBe(false);
    await deletePod(cluster, plan);

    expect(await isDeleted(cluster, plan)).toBe(true);
  });

  test.each(['cronjobs', 'jobs'])('a Job is started from %s, once', async (type) => {
    const { cluster, namespace, create, ref } = here();
    const template = {
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'registry.example/main:1' }] },
    };
    const jobSpec = { template, suspend: true };
    const spec = type === 'jobs' ? jobSpec : { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: jobSpec } };
    await create(type, { metadata: { name: 'source' }, spec });
    const from = await ref(type, 'source');
    const source = await readWorkload(cluster, from);
    const plan: RunPlan = {
      ...{ from, namespace, name: `run-of-${type}`, mark: 'i1' },
      content: contentDigest(source, from.resource.kind),
    };
    await tryRun(cluster, plan, source);
    expect(await checkRun(cluster, plan)).toEqual({ applied: false });

    const uid = await startRun(cluster, plan);

    expect(await checkRun(cluster, plan)).toEqual({ applied: true, uid });
    expect(await errorOf(startRun(cluster, plan))).toBeInstanceOf(ConflictError);
    expect(await checkRun(cluster, { ...plan, mark: 'i2' })).toMatchObject({ applied: 'unknown' });
  });

  test('events are found by the object that they are about', async () => {
    const { cluster, namespace, ref } = here();
    const { uid } = await ref('deployments', 'back');

    const rows = await vi.waitFor(
      async () => {
        const found = await eventsAbout(cluster, { namespace, uid, kind: 'Deployment', name: 'back' });
        expect(found.length).toBeGreaterThan(0);
        return found;
      },
      { timeout: 20_000, interval: 100 },
    );

    expect(rows[0]).toMatchObject({ type: 'Normal', reason: 'ScalingReplicaSet', object: 'Deployment/back' });
    expect(rows[0]?.last).toBeGreaterThan(0);
    expect(await eventsAbout(cluster, { namespace, uid, kind: 'Deployment', name: 'back', type: 'Warning' })).toEqual(
      [],
    );
  });

  test('a log that is not there is a plain refusal, not JSON', async () => {
    const { cluster, namespace } = here();
    const call = {
      resource: { group: '', version: 'v1', plural: 'pods', namespaced: true },
      ...{ namespace, name: 'nobody', subresource: 'log', answer: 'text' as const },
    };

    expect(await errorOf(cluster.request<string>(call))).toBeInstanceOf(NotFoundError);
  });
}
