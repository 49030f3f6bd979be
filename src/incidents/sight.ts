import type { Kind, SeenByKind, SeenObject } from './seen/kinds.ts';
import type { SeenEvent } from './seen/surroundings.ts';

/** An object's address: enough to find it again and to tell it from a later one of the same name. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/**
 * One cluster as it was last seen: what rules may look at beside the object that they judge. Everything is in memory; no method waits
 * and none is slower than what it returns is long.
 */
export interface Sight {
  /** The alias from the config file. */
  readonly cluster: string;
  get<K extends Kind>(kind: K, namespace: string, name: string): SeenByKind[K] | undefined;
  byUid(uid: string): SeenObject | undefined;
  all<K extends Kind>(kind: K): Iterable<SeenByKind[K]>;
  /** Objects of a kind in one namespace. */
  inNamespace<K extends Kind>(kind: K, namespace: string): Iterable<SeenByKind[K]>;
  /** Objects of a kind whose controlling owner has this uid. */
  ownedBy<K extends Kind>(kind: K, uid: string): Iterable<SeenByKind[K]>;
  /** The pods of a workload: its own, and those of its ReplicaSets or Jobs. */
  podsOf(object: SeenObject): readonly SeenByKind['Pod'][];
  podsOnNode(name: string): Iterable<SeenByKind['Pod']>;
  /**
   * The object that people know: owners followed upward. Pod→ReplicaSet→Deployment|Rollout, Pod→Job→CronJob, Pod→StatefulSet|DaemonSet,
   * a mirror pod→its Node; otherwise the object itself. An owner that is not seen (yet) is named all the same.
   */
  rootOf(object: SeenObject): ObjectRef;
  /** Events about an object, the newest first, at most 10, none older than an hour. */
  events(uid: string): readonly SeenEvent[];
}

/**
 * What a rule remembers about the object that it judges; kept in etcd while it matters, so that a restart starts no hold anew. Labels are
 * the rule's own words; two rules never see each other's.
 */
export interface Memory {
  /** Epoch ms since when `label` has had this value without a break; the first time it is asked, that is now. */
  since(label: string, value: string | number | boolean): number;
  /** Times (epoch ms) within the last `withinMs` at which the value was seen to differ from the one before. */
  changes(label: string, value: string | number | boolean, withinMs: number): readonly number[];
  /** By how much a counter has grown within the last `withinMs`, as far as it was watched. `baseline` is what it was before anybody looked. */
  rise(label: string, count: number, withinMs: number, baseline?: number): number;
}
