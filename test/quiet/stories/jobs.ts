import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import type { Place } from '../world.ts';
import { type Story, template } from './story.ts';

export const JOBS: readonly Story[] = [
  {
    name: 'a Job that fails twice and then succeeds',
    id: 'third-try',
    async tell(place) {
      await place.make(job('import', { backoffLimit: 4, template: jobPods('stays') }));
      for (const exitCode of [1, 1, 0]) await end(await running(place), exitCode, place);
      await hasCompleted(place, 'import');
    },
  },
  {
    name: 'a Job whose sidecar is stopped with 255 when the work is done',
    id: 'sidecar',
    async tell(place) {
      const proxy = { name: 'proxy', image: 'registry.example.com/proxy:7', restartPolicy: 'Always' };
      await place.make(job('report', { template: jobPods('sidecar-exit=255', { initContainers: [proxy] }) }));
      await hasCompleted(place, 'report');
      const [pod] = await place.list('Pod', 'web');
      if (pod?.status.initContainerStatuses?.[0]?.state.terminated?.exitCode !== 255)
        throw new Error('the sidecar did not end as told');
      await place.pass(60);
    },
  },
  {
    name: 'a CronJob that runs every minute',
    id: 'cron',
    async tell(place) {
      const spec = { schedule: '* * * * *', jobTemplate: { spec: { template: jobPods() } } };
      await place.make({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'tick' }, spec });
      await place.make({
        ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'asleep' } },
        spec: { ...spec, suspend: true },
      });
      await place.until(async () => (await place.get('CronJob', 'tick')).status?.lastSuccessfulTime, 'a run');
    },
  },
];

function jobPods(fault?: string, pod: object = {}): object {
  return template({ fault, pod: { restartPolicy: 'Never', ...pod } });
}

function job(name: string, spec: object): KubeObject {
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec };
}

async function running(place: Place): Promise<KubeObject> {
  let found: KubeObject | undefined;
  await place.until(async () => {
    found = (await place.list('Pod', 'web')).find(({ status }) => status.phase === 'Running');
    return found !== undefined;
  }, 'the next try');
  return found as KubeObject;
}

/** Ends the only container as its kubelet would. */
async function end({ metadata, status }: KubeObject, exitCode: number, place: Place): Promise<void> {
  const at = new Date(place.world.clock()).toISOString().replace(/\.\d+Z$/, 'Z');
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  const [container] = status.containerStatuses;
  const containerStatuses = [
    {
      ...container,
      ready: false,
      started: false,
      state: { terminated: { exitCode, reason, startedAt: at, finishedAt: at } },
    },
  ];
  const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'False', lastTransitionTime: at }));
  const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
  await place.patch('Pod', metadata.name as string, { status: { phase, conditions, containerStatuses } }, 'status');
}

function hasCompleted(place: Place, name: string): Promise<void> {
  return place.until(async () => {
    const { conditions = [] } = (await place.get('Job', name)).status ?? {};
    return conditions.some(
      ({ type, status }: { type: string; status: string }) => type === 'Complete' && status === 'True',
    );
  }, `the end of Job ${name}`);
}
