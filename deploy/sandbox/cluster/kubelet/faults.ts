import type { Obj } from '../object.ts';
import type { World } from '../world.ts';

/** The annotation that makes a pod (through its template) or a node misbehave: `crash-loop`, `slow-start=5s`, `exit=3`, … */
export const FAULT_ANNOTATION = 'practice.shipmate/fault';

export interface Fault {
  name:
    | 'bad-image'
    | 'crash-loop'
    | 'crashes'
    | 'oom'
    | 'unschedulable'
    | 'slow-start'
    | 'slow-pull'
    | 'slow-stop'
    | 'stays'
    | 'sidecar-exit'
    | 'exit'
    | 'not-ready';
  value: string;
}

export function faultOf(object: Obj): Fault | undefined {
  const text = object.metadata.annotations?.[FAULT_ANNOTATION];
  if (!text) return undefined;
  const [name, value] = text.split('=') as [Fault['name'], string | undefined];
  return { name, value: value ?? '' };
}

/** Images that no registry has. */
export function isMissingImage(image: string): boolean {
  return /:([\w.-]*-)?(does-not-exist|no-such-tag|missing)$/.test(image);
}

/** A fault's `5s` or `500ms` in milliseconds. */
export function durationOf(text: string, otherwise: number): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  if (!match) return otherwise;
  const unit = { ms: 1, s: 1_000, m: 60_000 }[(match[2] ?? 's') as 'ms' | 's' | 'm'];
  return Number(match[1]) * unit;
}

/** Whether the pod's node has a kubelet that answers. A node that does not exist has one, for pods planted without nodes. */
export function isNodeUp(world: World, pod: Obj): boolean {
  const node = world.store.get('nodes', undefined, pod.spec.nodeName);
  return !node || faultOf(node)?.name !== 'not-ready';
}
