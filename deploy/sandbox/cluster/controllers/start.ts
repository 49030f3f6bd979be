import { startKubelets } from '../kubelet/kubelet.ts';
import type { World } from '../world.ts';
import { startAutoscalers } from './autoscaler.ts';
import { startBudgets } from './budget.ts';
import { startCronJobs } from './cronjob.ts';
import { startDaemonSets } from './daemonset.ts';
import { startDeployments } from './deployment.ts';
import { startEndpoints } from './endpoints.ts';
import { startGarbageCollection } from './garbage.ts';
import { startJobs } from './job.ts';
import { startNamespaces } from './namespace.ts';
import { startNodes } from './node.ts';
import { startPodGarbageCollection } from './pod-garbage.ts';
import { startReplicaSets } from './replicaset.ts';
import { startScheduler } from './scheduler.ts';
import { startStatefulSets } from './statefulset.ts';
import { startVolumes } from './volume.ts';

/** Everything that makes objects move. */
export function startControllers(world: World): void {
  startNamespaces(world);
  startNodes(world);
  startGarbageCollection(world);
  startPodGarbageCollection(world);
  startDeployments(world);
  startReplicaSets(world);
  startStatefulSets(world);
  startDaemonSets(world);
  startJobs(world);
  startCronJobs(world);
  startVolumes(world);
  startScheduler(world);
  startKubelets(world);
  startBudgets(world);
  startEndpoints(world);
  startAutoscalers(world);
}
