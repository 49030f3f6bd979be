import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ConflictError, NotFoundError, UsageError } from '../../../src/errors.ts';
import { startTyping, type Typed } from './typed.ts';

const JOBS = { group: 'batch', version: 'v1', plural: 'jobs', namespaced: true };
let ada: Typed;
beforeAll(async () => {
  const template = {
    spec: {
      restartPolicy: 'Never',
      containers: [
        {
          name: 'main',
          image: 'registry.example/backup:1',
          env: [{ name: 'DB_PASSWORD', value: 'correct horse battery' }],
        },
      ],
    },
  };
  ada = await startTyping({
    seed: [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'backup', namespace: 'shop' },
        spec: {
          schedule: '0 3 * * *',
          suspend: true,
          jobTemplate: {
            metadata: { labels: { app: 'backup' }, annotations: { team: 'harbour' } },
            spec: { template },
          },
        },
      },
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'import', namespace: 'shop', labels: { app: 'import' } },
        spec: { backoffLimit: 1, template },
      },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } },
    ] as never,
  });
});
afterAll(() => ada?.stop());

async function job(name: string) {
  return ada.cluster.request({ resource: JOBS, namespace: 'shop', name });
}

test('a CronJob is started by hand as kubectl does it, and followed to its end', { timeout: 30_000 }, async () => {
  const { plan, command } = await ada.plans('/k8s create job once --from=cronjob/backup -n shop');
  expect(plan).toMatchObject({
    targets: ['job.batch/once'],
    summary: 'Start job once from cronjob.batch/backup',
    confirm: 'Start backup',
    risk: 'low',
    warnings: ['The CronJob is suspended; this runs it all the same.'],
  });
  expect(command.facts?.(plan)).toEqual({ images: ['registry.example/backup:1'] });
  expect(JSON.stringify(plan)).not.toContain('battery');
  await expect(job('once')).rejects.toThrow(NotFoundError);
  expect(await command.verify(plan, ada.context)).toEqual({ applied: false });

  const effect = await command.act(plan, ada.context);
  const outcome = await command.follow?.(plan, effect, ada.follow());

  expect(effect.said).toBe('job.batch/once created');
  expect(outcome).toMatchObject({ status: 'succeeded', title: 'job.batch/once completed' });
  const { metadata } = await job('once');
  expect(metadata.annotations).toMatchObject({ 'cronjob.kubernetes.io/instantiate': 'manual', team: 'harbour' });
  expect(metadata.labels).toMatchObject({ app: 'backup' });
  expect(metadata.ownerReferences).toEqual([
    expect.objectContaining({ kind: 'CronJob', name: 'backup', controller: true }),
  ]);
  expect(metadata.ownerReferences?.[0]).not.toHaveProperty('blockOwnerDeletion');
});

test('after a crash the started Job is known again, and not started twice', async () => {
  const { plan, command } = await ada.plans('/k8s create job --from=cronjob/backup');
  expect(plan.targets[0]).toMatch(/^job\.batch\/backup-manual-[a-z0-9]{5}$/);
  const effect = await command.act(plan, ada.context);

  expect(await command.verify(plan, ada.context)).toEqual({ applied: true, effect });
  await expect(command.act(plan, ada.context)).rejects.toThrow(/already exists/);
});

test('a Job of that name that somebody else made is not taken for ours', async () => {
  const { plan, command } = await ada.plans('/k8s create job taken --from=cronjob/backup');
  await ada.cluster.request({
    method: 'POST',
    resource: JOBS,
    namespace: 'shop',
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'taken', namespace: 'shop' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'x:1' }] } } },
    },
  });

  await expect(command.act(plan, ada.context)).rejects.toThrow(ConflictError);
  expect(await command.verify(plan, ada.context)).toEqual({
    applied: 'unknown',
    found: 'there is another job.batch/taken, not made by this',
  });
});

test('a CronJob that changed after the plan is not started', async () => {
  const { plan, command } = await ada.plans('/k8s create job late --from=cronjob/backup');
  await ada.cluster.request({
    method: 'PATCH',
    resource: { ...JOBS, plural: 'cronjobs' },
    namespace: 'shop',
    name: 'backup',
    contentType: 'application/merge-patch+json',
    body: { spec: { jobTemplate: { spec: { backoffLimit: 4 } } } },
  });

  await expect(command.act(plan, ada.context)).rejects.toThrow('cronjob.batch/backup changed since the plan was made');
  await expect(job('late')).rejects.toThrow(NotFoundError);
});

test('a Job is run again as a new one, without what belongs to the old', { timeout: 30_000 }, async () => {
  await vi.waitFor(async () => expect((await job('import')).status?.succeeded).toBe(1), 20_000);
  const { plan, command } = await ada.plans('/k8s rerun job/import -n shop');
  const [target = ''] = plan.targets;
  expect(target).toMatch(/^job\.batch\/import-again-[a-z0-9]{5}$/);

  const effect = await command.act(plan, ada.context);
  const outcome = await command.follow?.(plan, effect, ada.follow());

  expect(outcome).toMatchObject({ status: 'succeeded', title: `${target} completed` });
  const again = await job(target.slice('job.batch/'.length));
  expect(again.spec?.backoffLimit).toBe(1);
  expect(again.metadata.labels).toMatchObject({ app: 'import' });
  expect(again.spec?.template.metadata.labels['batch.kubernetes.io/controller-uid']).toBe(again.metadata.uid);
  expect(await command.verify(plan, ada.context)).toEqual({ applied: true, effect });
});

test.each([
  ['/k8s create job x', UsageError, 'error: --from must be specified'],
  ['/k8s create job x --from=job/import', UsageError, 'error: from must be an existing cronjob'],
  ['/k8s create job x --from=cronjob/nope', NotFoundError, 'cronjobs.batch "nope" not found'],
  ['/k8s create job import --from=cronjob/backup', ConflictError, 'already exists'],
  ['/k8s create job Not_A_Name --from=cronjob/backup', UsageError, 'is invalid'],
  ['/k8s rerun', UsageError, 'Which Job should run again?'],
  ['/k8s rerun cronjob/backup', UsageError, 'error: cronjobs.batch cannot be run again'],
  ['/k8s rerun job/nope', NotFoundError, 'jobs.batch "nope" not found'],
])('%s is refused', async (line, family, message) => {
  const refused = ada.plans(line);

  await expect(refused).rejects.toThrow(family);
  await expect(refused).rejects.toThrow(message);
});
