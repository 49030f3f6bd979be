import { badContainer, podToLookAt } from '../../kubernetes/bad-pods.ts';
import type { Call, KubeObject } from '../../kubernetes/cluster.ts';
import { listObjects } from '../../kubernetes/list.ts';
import { selectorText } from '../../kubernetes/workload.ts';
import { podOf } from '../actions.ts';
import type { Incident } from '../incident.ts';
import type { ObjectRef } from '../sight.ts';
import type { Gathering } from './gathering.ts';

/** The objects that evidence is taken from, as they are now; each undefined where it could not be had or makes no sense. */
export interface Target {
  readonly root: KubeObject | undefined;
  readonly pod: KubeObject | undefined;
  readonly container: string | undefined;
}

/** Plurals of the kinds that incidents are about: known by heart, so that discovery is not waited for. */
const PLURALS: Readonly<Record<string, string>> = {
  Pod: 'pods',
  ReplicaSet: 'replicasets',
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Rollout: 'rollouts',
  Job: 'jobs',
  CronJob: 'cronjobs',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  PodDisruptionBudget: 'poddisruptionbudgets',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  PersistentVolume: 'persistentvolumes',
  ResourceQuota: 'resourcequotas',
  Namespace: 'namespaces',
  Node: 'nodes',
};

/** Where an object is read; undefined for what is none of the cluster's (Shipmate itself). */
export function resourceOf({ apiVersion, kind, namespace }: ObjectRef): Call['resource'] | undefined {
  const plural = PLURALS[kind];
  if (plural === undefined) return undefined;
  const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion];
  return { group, version, plural, namespaced: namespace !== '' };
}

/** The object behind a reference; undefined, and noted, when it is gone, another one of the same name, or cannot be read. */
export async function readRef(gathering: Gathering, ref: ObjectRef): Promise<KubeObject | undefined> {
  const resource = resourceOf(ref);
  if (resource === undefined) return undefined;
  const what = `${ref.kind.toLowerCase()} ${ref.name}`;
  const object = await gathering.part(what, ({ signal, deadlineMs }) =>
    gathering.cluster.request({
      resource,
      ...(ref.namespace === '' ? {} : { namespace: ref.namespace }),
      name: ref.name,
      signal,
      deadlineMs,
    }),
  );
  if (object && ref.uid !== '' && object.metadata.uid !== ref.uid) {
    gathering.lacks(what, 'It was deleted and created again meanwhile.');
    return undefined;
  }
  return object && { ...object, apiVersion: ref.apiVersion, kind: ref.kind };
}

/** Reads the root, and the pod that its signals name; where they name none, the worst of the root's pods. */
export async function readTarget(gathering: Gathering, incident: Incident): Promise<Target> {
  const named = podOf(incident);
  const isPod = named !== undefined && named.pod.uid === incident.root.uid;
  const [root, namedPod] = await Promise.all([
    isPod ? undefined : readRef(gathering, incident.root),
    named && readRef(gathering, named.pod),
  ]);
  const pod = namedPod ?? (gathering.wantsPod && root ? await worstPod(gathering, root) : undefined);
  const isNamed = pod !== undefined && pod === namedPod;
  return {
    root: isPod ? namedPod : root,
    pod,
    container:
      (isNamed ? named?.container : undefined) ?? (pod && (badContainer(pod) ?? pod.spec?.containers?.[0]?.name)),
  };
}

const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };

async function worstPod(gathering: Gathering, root: KubeObject): Promise<KubeObject | undefined> {
  const labelSelector = selectorText(root.spec?.selector);
  if (labelSelector === undefined || !isWorkload(root)) return undefined;
  const pods = await gathering.part(`pods of ${root.metadata.name}`, ({ signal }) =>
    listObjects(gathering.cluster, PODS, { namespace: root.metadata.namespace, labelSelector, signal }),
  );
  return pods && podToLookAt(pods);
}

function isWorkload({ kind }: KubeObject): boolean {
  return ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Rollout'].includes(kind ?? '');
}
