import { beforeAll, expect, test } from 'vitest';
import { ConflictError, UnavailableError, UsageError } from '../../../src/errors.ts';
import { statusOf } from '../../../src/kubernetes/errors.ts';
import { FIELD_MANAGER } from '../../../src/kubernetes/field-managers.ts';
import { getTables } from '../../../src/kubernetes/get.ts';
import { restartedAtOf, tryRestart, writeRestart } from '../../../src/kubernetes/restart.ts';
import { checkScale, readScale, type ScalePlan, tryScale, writeScale } from '../../../src/kubernetes/scale.ts';
import { readWorkload, type WorkloadRef } from '../../../src/kubernetes/workload.ts';
import { systemClock } from '../../../src/time.ts';
import { widgetDefinition } from './custom-kind.ts';
import { errorOf, type Ground } from './ground.ts';

const doing = { clock: systemClock, signal: new AbortController().signal };

export function writingContract(here: () => Ground): void {
  let web: WorkloadRef;
  beforeAll(async () => {
    await here().deployment('web', 2);
    web = await here().ref('deployments', 'web');
  });

  async function plan(to: number, ref = web): Promise<ScalePlan> {
    const object = await readWorkload(here().cluster, ref);
    const { replicas } = await readScale(here().cluster, ref);
    return { ref, generation: object.metadata.generation, from: replicas, to };
  }

  test('making what exists is a conflict', async () => {
    await here().create('configmaps', { metadata: { name: 'twice' } });

    const error = await errorOf(here().create('configmaps', { metadata: { name: 'twice' } }));

    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toBe('Error from server (AlreadyExists): configmaps "twice" already exists');
  });

  test('replacing an older version is a conflict', async () => {
    const { cluster, namespace, resource, create } = here();
    const old = await create('configmaps', { metadata: { name: 'moved' } });
    const put = { method: 'PUT' as const, resource: await resource('configmaps'), namespace, name: 'moved' };
    await cluster.request({ ...put, body: { ...old, data: { a: '1' } } });

    const error = await errorOf(cluster.request({ ...put, body: { ...old, data: { a: '2' } } }));

    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toBe(
      'Error from server (Conflict): Operation cannot be fulfilled on configmaps "moved": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  test('a patch for another uid is refused', async () => {
    const { resource, namespace, name } = web;
    const error = await errorOf(
      here().cluster.request({
        method: 'PATCH',
        resource,
        namespace,
        name,
        contentType: 'application/merge-patch+json',
        body: { metadata: { uid: '00000000-0000-0000-0000-000000000000', labels: { a: 'b' } } },
      }),
    );

    expect(error).toBeInstanceOf(UsageError);
    // The server names the cause twice.
    expect(error.message).toBe(
      'The Deployment "web" is invalid: metadata.uid: Invalid value: "00000000-0000-0000-0000-000000000000": field is immutable',
    );
  });

  test('a value that is not allowed is told with its field', async () => {
    const { resource, namespace, name } = web;
    const error = await errorOf(
      here().cluster.request({
        method: 'PATCH',
        resource,
        namespace,
        name,
        contentType: 'application/strategic-merge-patch+json',
        body: { spec: { replicas: -1 } },
      }),
    );

    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe(
      'The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
  });

  test('a dry run of a scaling changes nothing', async () => {
    const before = await readWorkload(here().cluster, web);

    await tryScale(here().cluster, web, 7);

    const after = await readWorkload(here().cluster, web);
    expect(after.spec?.replicas).toBe(2);
    expect(after.metadata.generation).toBe(before.metadata.generation);
  });

  test('a dry run of a scaling to less than nothing is refused', async () => {
    const error = await errorOf(tryScale(here().cluster, web, -1));

    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain('must be greater than or equal to 0');
  });

  test('a scaling moves the generation by one, changes only the replicas and is signed', async () => {
    const planned = await plan(3);
    const before = await readWorkload(here().cluster, web);

    expect(await checkScale(here().cluster, planned)).toEqual({ applied: false });
    const effect = await writeScale(here().cluster, planned, doing);

    const after = await readWorkload(here().cluster, web);
    expect(after.metadata.generation).toBe(effect.generation);
    expect(after.metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
    expect(after.spec).toEqual({ ...before.spec, replicas: 3 });
    expect(after.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: FIELD_MANAGER, operation: 'Update', subresource: 'scale' }),
    );
    expect(await checkScale(here().cluster, planned)).toEqual({ applied: true, effect });
  });

  test('a plan whose object changed meanwhile is void and says what it is now', async () => {
    const planned = await plan(9);
    await writeScale(here().cluster, await plan(4), doing);

    const error = await errorOf(writeScale(here().cluster, planned, doing));

    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toMatch(
      /^Expected replicas to be 3, was 4: deployment\.apps\/web changed since the plan was made, set by shipmate/,
    );
    expect((await readScale(here().cluster, web)).replicas).toBe(4);
    expect(await checkScale(here().cluster, planned)).toMatchObject({ applied: 'unknown' });
  });

  test('an older version of a scale is refused by the server itself', async () => {
    const { cluster } = here();
    const { object } = await readScale(cluster, web);
    await writeScale(cluster, await plan(2), doing);

    const { resource, namespace, name } = web;
    const error = await errorOf(
      cluster.request({ method: 'PUT', resource, namespace, name, subresource: 'scale', body: object }),
    );

    expect(error).toBeInstanceOf(ConflictError);
    expect(error.message).toContain(
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified',
    );
  });

  test('no replicas at all is a number like any other', async () => {
    await writeScale(here().cluster, await plan(0), doing);

    expect((await readScale(here().cluster, web)).replicas).toBe(0);
    await writeScale(here().cluster, await plan(2), doing);
    expect((await readScale(here().cluster, web)).replicas).toBe(2);
  });

  test('a restart is one annotation, and doing it twice is doing it once', async () => {
    const { cluster } = here();
    const before = await readWorkload(cluster, web);
    const restart = { ref: web, generation: before.metadata.generation, restartedAt: '2026-11-20T09:41:07Z' };

    await tryRestart(cluster, restart);
    expect((await readWorkload(cluster, web)).metadata.generation).toBe(before.metadata.generation);
    const effect = await writeRestart(cluster, restart, doing);
    const again = await writeRestart(cluster, { ...restart, generation: effect.generation }, doing);

    expect(effect.generation).toBe((before.metadata.generation ?? 0) + 1);
    expect(again).toEqual(effect);
    expect(restartedAtOf(await readWorkload(cluster, web))).toBe(restart.restartedAt);
  });

  test('an eviction that a budget forbids is told with the budget’s own words', async () => {
    const { cluster, namespace, resource, create } = here();
    await create('poddisruptionbudgets', {
      metadata: { name: 'web' },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
    });
    const budgets = await resource('poddisruptionbudgets');
    const pods = await resource('pods');
    await expect
      .poll(async () => (await cluster.request({ resource: budgets, namespace, name: 'web' })).status, {
        timeout: 20_000,
      })
      .toMatchObject({ expectedPods: 2, currentHealthy: 2, disruptionsAllowed: 0 });
    const { items } = await cluster.request<{ items: { metadata: { name: string } }[] }>({
      resource: pods,
      namespace,
      query: { labelSelector: 'app=web', fieldSelector: 'status.phase=Running' },
    });
    const name = items[0]?.metadata.name ?? '';

    const error = await errorOf(
      cluster.request({
        method: 'POST',
        resource: pods,
        namespace,
        name,
        subresource: 'eviction',
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } },
      }),
    );

    expect(error).toBeInstanceOf(UnavailableError);
    expect(statusOf(error)).toMatchObject({ code: 429, reason: 'TooManyRequests' });
    expect(error.message).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    expect(error.message).toContain('The disruption budget web needs 2 healthy pods and has 2 currently');
  });

  test('a kind that is made today can be listed and scaled today', async () => {
    const { cluster, namespace, create, resource, ref } = here();
    await create('customresourcedefinitions', widgetDefinition());
    await expect
      .poll(() => resource('widgets').catch(() => undefined), { timeout: 20_000, interval: 300 })
      .toMatchObject({
        group: 'contract.example',
        kind: 'Widget',
        shortNames: ['wdg'],
      });
    await create('widgets', { metadata: { name: 'one' }, spec: { replicas: 1, colour: 'red' } });

    const widget = await ref('wdg', 'one');
    const planned = await plan(4, widget);
    await writeScale(cluster, planned, doing);

    expect((await readWorkload(cluster, widget)).spec).toEqual({ replicas: 4, colour: 'red' });
    expect(await checkScale(cluster, planned)).toMatchObject({ applied: true });
    const got = await getTables(cluster, { words: ['widgets.contract.example'], namespace, now: 0 });
    expect(got.groups[0]?.content.columns.map((column) => column.name)).toEqual(['Name', 'Colour', 'Age']);
    expect(got.groups[0]?.content.rows[0]?.cells.slice(0, 2)).toEqual(['one', 'red']);
  });

  test('a strategic patch of a custom kind is refused as the wrong type of patch', async () => {
    const { resource, namespace, name } = await here().ref('widgets', 'one');
    const error = await errorOf(
      here().cluster.request({
        method: 'PATCH',
        resource,
        namespace,
        name,
        contentType: 'application/strategic-merge-patch+json',
        body: { spec: { colour: 'blue' } },
      }),
    );

    expect(error).toBeInstanceOf(UsageError);
    expect(statusOf(error)?.code).toBe(415);
  });
}
