import type { PracticeCluster } from '../../../deploy/sandbox/cluster/practice-cluster.ts';
import { startPracticeCluster } from '../../../deploy/sandbox/cluster/practice-cluster.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { deployment, node, pod, replicaSet } from '../../support/kube-objects.ts';

const NODES = 3;
const NAMESPACE = 'shop';

/** A cluster without controllers, in which things break and heal at the very moment that the test says so. */
export interface Fleet {
  readonly cluster: PracticeCluster;
  /** The names of its Deployments; each has one pod. */
  readonly apps: readonly string[];
  /** The pod of an app crash-loops from now on. @returns the moment that the API then tells, epoch ms, whole seconds. */
  break(app: string): number;
  /** It runs again. */
  heal(app: string): void;
  /** Its image cannot be pulled: a fault whose beginning no field of the API tells. */
  starve(app: string): void;
  stop(): Promise<void>;
}

/** @param size how many Deployments, all of them well. */
export async function startFleet(size: number): Promise<Fleet> {
  const apps = Array.from({ length: size }, (_, index) => `app-${String(index).padStart(3, '0')}`);
  const nodes = Array.from({ length: NODES }, (_, index) => node(`node-${index + 1}`));
  const cluster = await startPracticeCluster({ isAlive: false, seed: [...nodes, ...apps.flatMap(workload)] });
  const { store } = cluster;

  const show = (app: string, broken: Record<string, unknown> | undefined): void => {
    const found = store.get('pods', NAMESPACE, podOf(app));
    if (!found) throw new Error(`the fleet has no ${app}`);
    const { status } = podIn(app, broken);
    store.put('pods', { ...found, metadata: { ...found.metadata }, status });
  };
  return {
    cluster,
    apps,
    break(app) {
      const now = Math.floor(Date.now() / 1_000) * 1_000;
      const at = new Date(now).toISOString();
      const ended = { exitCode: 1, reason: 'Error', startedAt: at, finishedAt: at };
      const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 20s restarting failed container=app' };
      show(app, { ready: false, restartCount: 2, state: { waiting }, lastState: { terminated: ended } });
      return now;
    },
    heal: (app) => show(app, undefined),
    starve(app) {
      const message = `rpc error: code = NotFound desc = failed to pull: ${app}: not found`;
      show(app, { ready: false, state: { waiting: { reason: 'ErrImagePull', message } } });
    },
    stop: () => cluster.stop(),
  };
}

const podOf = (app: string): string => `${app}-7d9f-0`;

function workload(app: string): KubeObject[] {
  const owner = deployment(app);
  return [owner, replicaSet(`${app}-7d9f`, { owner }), podIn(app, undefined)];
}

function podIn(app: string, broken: Record<string, unknown> | undefined): KubeObject {
  const owner = replicaSet(`${app}-7d9f`, { owner: deployment(app) });
  const at = `node-${(Number(app.slice(-3)) % NODES) + 1}`;
  return pod(podOf(app), { owner, node: at, labels: { app }, containers: [{ ...broken }] });
}
