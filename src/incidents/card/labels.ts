import type { Incident } from '../incident.ts';
import { short } from './words.ts';

/** Labels of an alert from elsewhere that say where it is, the widest place first, as kube-state-metrics and cAdvisor name them. */
const PLACES = [
  ...['namespace', 'deployment', 'statefulset', 'daemonset', 'job_name', 'cronjob', 'replicaset', 'pod', 'container'],
  ...['node', 'persistentvolumeclaim', 'service', 'instance', 'job'],
];
const MOST = 6;
const VALUE_MAX = 80;

/**
 * Where the alerts of an external incident are, as their labels say: `namespace shop · deployment cart · pod cart-0`. Of several only what
 * they share. They are shown and nothing more: an incident of ours about the same object stands for itself. Pure.
 */
export function placeWords({ external, labels }: Pick<Incident, 'external' | 'labels'>): string | undefined {
  if (!external) return undefined;
  const found = PLACES.flatMap((name) =>
    labels[name] === undefined ? [] : [`${name} ${short(labels[name], VALUE_MAX)}`],
  );
  return found.length === 0 ? undefined : found.slice(0, MOST).join(' · ');
}
