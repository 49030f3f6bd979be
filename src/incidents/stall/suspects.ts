import { failedCreate } from '../reading/failed-create.ts';
import { plural } from '../reading/moments.ts';
import { isObserved, isReady, podsByAge, type Rolling } from '../reading/rollouts.ts';
import type { CauseClass, Shared } from '../rule.ts';
import type { SeenPod } from '../seen/pod.ts';
import type { Sight } from '../sight.ts';
import { type PodFault, place, podFault } from './faults.ts';

/** Something that may hold a rollout up. */
export interface Suspect {
  readonly causeClass: CauseClass;
  readonly what: string;
  readonly recovers: PodFault['recovers'];
  readonly shares: Shared;
  /** The first pod (by name) that shows it, and all of them. */
  readonly pod?: SeenPod | undefined;
  readonly pods: readonly SeenPod[];
  readonly container?: string | undefined;
  /** It is the new template's fault, as far as the pods tell. */
  readonly isOfNewest: boolean;
}

/** So many ill pods of a workload are read: a verdict is made again whenever one of its pods changes. */
const MAX_ILL = 50;

/** So long past the end of its grace period a pod holds others up, ms. */
const OVERSTAY_MS = 60_000;

/**
 * Everything that may hold this workload's rollout up, the headline first (§1.6: refused by the API server, image, configuration, init,
 * out of memory, crash, volume, scheduling, probe, old pods that do not go, node, controller). Pods with the same fault are one suspect.
 */
export function suspects(workload: Rolling, sight: Sight, now: number): readonly Suspect[] {
  const { newest, older } = podsByAge(workload, sight);
  const candidates = [...refused(workload, sight), ...faulty(newest, sight, true)];
  // A Deployment does not wait for its old pods to become well; the others do.
  if (workload.kind !== 'Deployment' && workload.kind !== 'Rollout') candidates.push(...faulty(older, sight, false));
  candidates.push(...overstaying([...newest, ...older], now), ...lagging(workload));
  return candidates.length > 0 ? candidates.sort((a, b) => place(a) - place(b)) : [unexplained(newest)];
}

function refused(workload: Rolling, sight: Sight): Suspect[] {
  const failure = failedCreate(workload, sight, 1);
  if (!failure) return [];
  const what = `pods cannot be created: ${failure.what}`;
  return [{ causeClass: 'admission', what, recovers: 'no', shares: failure.shares, pods: [], isOfNewest: false }];
}

function faulty(pods: readonly SeenPod[], sight: Sight, isOfNewest: boolean): Suspect[] {
  const byFault = new Map<string, { fault: PodFault; pods: SeenPod[] }>();
  let ill = 0;
  for (const pod of pods) {
    const fault = ill < MAX_ILL ? podFault(pod, sight) : undefined;
    if (!fault) continue;
    ill += 1;
    const known = byFault.get(fault.what);
    if (known) known.pods.push(pod);
    else byFault.set(fault.what, { fault, pods: [pod] });
  }
  return [...byFault.values()].map(({ fault, pods: same }) => ({ ...fault, pod: same[0], pods: same, isOfNewest }));
}

function overstaying(pods: readonly SeenPod[], now: number): Suspect[] {
  const stuck = pods.filter(({ metadata }) => now - (metadata.deletionTimestamp ?? now) > OVERSTAY_MS);
  const [pod] = stuck;
  if (!pod) return [];
  const finalizers = pod.metadata.finalizers?.length ? ` (finalizers ${pod.metadata.finalizers.join(', ')})` : '';
  const what = `${plural(stuck.length, 'pod')} should be gone and still terminate${stuck.length === 1 ? 's' : ''}${finalizers}`;
  return [{ causeClass: 'terminating', what, recovers: 'perhaps', shares: {}, pod, pods: stuck, isOfNewest: false }];
}

function lagging(workload: Rolling): Suspect[] {
  if (workload.kind === 'Rollout' || isObserved(workload)) return [];
  const what = 'the controller has not seen the newest spec';
  return [{ causeClass: 'controller', what, recovers: 'perhaps', shares: {}, pods: [], isOfNewest: false }];
}

function unexplained(newest: readonly SeenPod[]): Suspect {
  const pod = newest.find((one) => !isReady(one));
  const what =
    newest.length === 0
      ? 'no new pod has been created'
      : pod
        ? 'new pods are not ready and do not say why'
        : 'new pods are ready, but the rollout does not go on';
  return {
    causeClass: 'unknown',
    what,
    recovers: 'perhaps',
    shares: {},
    pod,
    pods: pod ? [pod] : [],
    isOfNewest: false,
  };
}
