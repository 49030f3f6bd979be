import type { Json, Obj } from '../object.ts';
import type { World } from '../world.ts';
import { toItself, writeStatus } from './act.ts';
import { eachKey } from './queue.ts';

const KEY = 'horizontalpodautoscalers.autoscaling';
const TARGETS: Record<string, string> = {
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicaSet: 'replicasets.apps',
};

/** Reports what autoscalers see. There is no load here, so they never scale. */
export function startAutoscalers(world: World): void {
  const targets = Object.values(TARGETS).map((key) => ({
    key,
    toKeys: ({ object }: { object: Obj }) =>
      world.store
        .list(KEY, object.metadata.namespace)
        .filter(
          (one) =>
            one.spec.scaleTargetRef?.kind === object.kind && one.spec.scaleTargetRef.name === object.metadata.name,
        )
        .map((one) => `${one.metadata.namespace}/${one.metadata.name}`),
  }));
  eachKey(world, [{ key: KEY, toKeys: toItself }, ...targets], (namespace, name) => {
    const autoscaler = world.store.get(KEY, namespace, name);
    if (!autoscaler) return;
    const { kind, name: targetName } = autoscaler.spec.scaleTargetRef ?? {};
    const target = TARGETS[kind] && world.store.get(TARGETS[kind], namespace, targetName);
    const now = world.timestamp();
    const condition: Json = target
      ? {
          type: 'AbleToScale',
          status: 'True',
          reason: 'ReadyForNewScale',
          message: 'recommended size matches current size',
        }
      : {
          type: 'AbleToScale',
          status: 'False',
          reason: 'FailedGetScale',
          message: `the HPA controller was unable to get the target's current scale: ${String(kind).toLowerCase()}s "${targetName}" not found`,
        };
    const before = autoscaler.status?.conditions?.find((one: Json) => one.type === 'AbleToScale');
    const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : now;
    const others = (autoscaler.status?.conditions ?? []).filter((one: Json) => one.type !== 'AbleToScale');
    const replicas = target ? (target.spec.replicas ?? 1) : 0;
    const status: Json = {
      ...autoscaler.status,
      currentReplicas: replicas,
      desiredReplicas: replicas,
      conditions: [{ ...condition, lastTransitionTime }, ...others],
    };
    writeStatus(world, KEY, autoscaler, status, 'kube-controller-manager');
  });
}
