import type { Incident } from '../incident.ts';
import { joined, released } from '../lifecycle/quiet.ts';
import { MINUTE } from '../rule.ts';
import type { ObjectRef } from '../sight.ts';
import type { Signal } from '../signal.ts';
import type { Draft } from './draft.ts';
import type { Memory } from './memory.ts';

/** What is still wrong so long after its node is back is told by itself. */
export const GRACE_MS = 5 * MINUTE;

/** What follows from lost pods: all that pods and DaemonSets tell, and that fewer replicas are ready than wished. */
const EXPLAINED = /^([PD]\d\d|R05|S04)$/;

/** Too few pods serve because of the node; where none does, people hear of it by itself. */
function isExplained({ rule, causeClass, severity }: Signal): boolean {
  return EXPLAINED.test(rule) || (rule === 'R04' && causeClass === 'node' && severity !== 'critical');
}

export interface Inhibition {
  readonly memory: Memory;
  isRebooting(node: string): boolean;
  podsOn(node: string, root: ObjectRef): number | undefined;
}

/**
 * A node that is down explains its pods: an open N01 or N02 takes what `EXPLAINED` rules say of roots whose ill pods are all on that node,
 * as long as no more pods are missing than were there. A reboot under way explains the node.
 * @param some those to look at; a change of a node's own incident concerns all.
 */
export function inhibit(draft: Draft, some: readonly Incident[], inhibition: Inhibition, now: number): void {
  const concerned = some.some(isNodeDown) ? draft.firing() : some;
  if (concerned.length === 0) return;
  const down = new Map(
    draft
      .lively()
      .filter((node) => node.status === 'firing' && isNodeDown(node))
      .map((node) => [node.root.name, node]),
  );
  for (const incident of concerned) {
    if (incident.kind !== 'root' || incident.status !== 'firing') continue;
    if (isNodeDown(incident)) inhibitNode(draft, incident, inhibition, now);
    else inhibitPods(draft, incident, explains(incident, down, inhibition), now);
  }
}

export function isNodeDown({ kind, domain, signals }: Incident): boolean {
  return kind === 'root' && domain === 'node' && signals.some(({ rule }) => rule === 'N01' || rule === 'N02');
}

function inhibitNode(draft: Draft, incident: Incident, inhibition: Inhibition, now: number): void {
  const isExpected = inhibition.isRebooting(incident.root.name);
  if (isExpected && incident.partOf === undefined) {
    draft.put(joined(incident, { id: '', key: '', why: 'reboot' }, now));
  } else if (!isExpected && incident.partOf?.why === 'reboot') {
    draft.put(released(incident, now));
  }
}

function inhibitPods(draft: Draft, incident: Incident, node: Incident | undefined, now: number): void {
  if (node) {
    if (incident.partOf !== undefined && incident.partOf.why !== 'node') return;
    draft.put(joined(incident, { id: node.id, key: node.key, why: 'node' }, now));
  } else if (incident.partOf?.why === 'node' && !mayStillExplain(draft, incident, now)) {
    draft.put(released(incident, now));
  }
}

/** Pods need a moment after their node has come back. */
function mayStillExplain(draft: Draft, incident: Incident, now: number): boolean {
  const node = draft.get(incident.partOf?.key ?? '');
  if (node?.status === 'firing') return node.signals.every(({ clearSince }) => clearSince !== undefined);
  return node?.resolvedAt !== undefined && now < node.resolvedAt + GRACE_MS;
}

function explains(
  incident: Incident,
  down: ReadonlyMap<string, Incident>,
  { memory, podsOn }: Inhibition,
): Incident | undefined {
  const nodes = memory.nodes.get(incident.key) ?? [];
  const [name] = nodes;
  const node = name === undefined || nodes.length > 1 ? undefined : down.get(name);
  if (!node || !incident.signals.every(isExplained)) return undefined;
  const missing = incident.impact ? incident.impact.desired - incident.impact.available : 0;
  return missing <= (podsOn(node.root.name, incident.root) ?? missing) ? node : undefined;
}
