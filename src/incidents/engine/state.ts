import { hasEarlierRevision } from '../reading/rollouts.ts';
import { CAUSE_CLASSES, type Domain } from '../rule.ts';
import type { SeenObject } from '../seen/kinds.ts';
import type { RuleSettings } from '../settings.ts';
import { type Severity, shifted, worst } from '../severity.ts';
import type { Sight } from '../sight.ts';
import type { RootState, Signal } from '../signal.ts';
import type { Group, Line, Shown } from './trouble.ts';

/** So many nodes of ill pods are named. */
const MAX_NODES = 100;
/** In these a root that serves nothing any more counts one step more. */
const SERVING: readonly Domain[] = ['availability', 'rollout'];
const NO_LABELS: Readonly<Record<string, string>> = {};

/** What is wrong with one root in one respect, from its lines. Pure. */
export function stateOf(group: Group, sight: Sight, settings: RuleSettings): RootState {
  const { ref } = group.root;
  const root = sight.byUid(ref.uid);
  const impact = root && impactOf(root);
  const namespaceLabels =
    ref.namespace === '' ? NO_LABELS : (sight.get('Namespace', '', ref.namespace)?.metadata.labels ?? NO_LABELS);
  const isDown = impact !== undefined && impact.available === 0 && impact.desired > 0 && SERVING.includes(group.domain);
  const isLow = settings.isNonProduction(sight.cluster, ref.namespace, namespaceLabels);
  const found = [...group.lines.values()].flatMap((line) => signalOf(line, settings, isDown, isLow) ?? []);
  const signals = found.length === 0 || hasWayBack(root, sight) ? found : found.map(withoutRollback);
  const isPending = hasPending(group);
  return {
    cluster: sight.cluster,
    root: ref,
    domain: group.domain,
    signals: signals.sort(inOrder),
    impact,
    namespaceLabels,
    labels: root?.metadata.labels ?? NO_LABELS,
    nodes: nodesOf(group),
    isPending,
    isGone: root === undefined && (group.root.isSeen || (signals.length === 0 && !isPending)),
  };
}

/** A button that can only fail is worse than none. */
function hasWayBack(root: SeenObject | undefined, sight: Sight): boolean {
  if (root?.kind !== 'Deployment' && root?.kind !== 'StatefulSet' && root?.kind !== 'DaemonSet') return true;
  return hasEarlierRevision(root, sight);
}

function withoutRollback(signal: Signal): Signal {
  return { ...signal, actions: signal.actions.filter((action) => action !== 'rollback') };
}

/** Pods that serve, of how many wished; undefined for what has no replicas. */
export function impactOf(root: SeenObject): { available: number; desired: number } | undefined {
  switch (root.kind) {
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
      return { available: root.status.availableReplicas, desired: root.spec.replicas };
    case 'Rollout':
      return { available: root.status.availableReplicas, desired: root.spec.replicas };
    case 'DaemonSet':
      return { available: root.status.numberAvailable, desired: root.status.desiredNumberScheduled };
    default:
      return undefined;
  }
}

function signalOf(line: Line, settings: RuleSettings, isDown: boolean, isLow: boolean): Signal | undefined {
  const { rule, firing, shown } = line;
  if (firing === undefined || shown === undefined) return undefined;
  const { finding, ref } = shown;
  return {
    rule: rule.id,
    title: rule.title,
    object: ref,
    key: line.key,
    domain: rule.domain,
    since: firing.since,
    firedAt: firing.firedAt,
    ...(line.clearSince !== undefined && { clearSince: line.clearSince }),
    severity: severityOf(settings.rule(rule.id).severity ?? worst(shown.severities), isDown, isLow),
    cause: finding.cause,
    causeClass: finding.causeClass,
    facts: factsOf(shown),
    shares: finding.shares ?? {},
    about: finding.about ?? ref,
    ...(finding.container !== undefined && { container: finding.container }),
    evidence: rule.evidence,
    actions: rule.actions,
    isFolded: finding.isFolded ?? false,
  };
}

/** What is only for the digest stays there: an outage has signals of its own. */
function severityOf(found: Severity, isDown: boolean, isLow: boolean): Severity {
  const raised = isDown && found !== 'info' ? shifted(found, 1) : found;
  return isLow ? shifted(raised, -1) : raised;
}

function factsOf({ finding, ref, count }: Shown): Signal['facts'] {
  const facts = finding.facts ?? [];
  return count > 1 ? [{ label: 'pods', value: `${count}, first ${ref.name}` }, ...facts] : facts;
}

/** Something is held that began before the group fell quiet, or has fired before a restart and was not seen since. */
function hasPending({ lines, quietSince = Infinity }: Group): boolean {
  for (const { firing, shown, tracks } of lines.values()) {
    if (firing !== undefined && shown === undefined) return true;
    for (const { hasFired, since } of tracks) if (!hasFired && since <= quietSince) return true;
  }
  return false;
}

function nodesOf({ lines }: Group): readonly string[] {
  const nodes = new Set<string>();
  for (const { tracks } of lines.values())
    for (const { ill, hasFired } of tracks) if (hasFired && ill.node !== undefined) nodes.add(ill.node);
  return [...nodes].sort().slice(0, MAX_NODES);
}

function inOrder(a: Signal, b: Signal): number {
  return (
    CAUSE_CLASSES.indexOf(a.causeClass) - CAUSE_CLASSES.indexOf(b.causeClass) ||
    a.firedAt - b.firedAt ||
    (a.rule + a.key + a.object.uid < b.rule + b.key + b.object.uid ? -1 : 1)
  );
}
