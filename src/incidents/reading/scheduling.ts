import { shortened } from './exit-codes.ts';

/** Why no node takes a pod, as far as the scheduler's own sentence tells. */
export interface NoFit {
  /** Nodes that were looked at; 0 when the message does not tell. */
  readonly nodes: number;
  /** `3 insufficient cpu`, `1 taint node-role.kubernetes.io/control-plane`; the most frequent first. */
  readonly reasons: readonly string[];
  /** One of them is about volumes, so that storage may be what many share. */
  readonly isVolume: boolean;
}

/** Words of the scheduler's plugins (pkg/scheduler/framework/plugins, their `ErrReason`s), and ours for a phone. */
const REASONS: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/^Insufficient (\S+)/, (found) => `insufficient ${found[1]}`],
  [/^Too many pods/, () => 'too many pods'],
  [/untolerated taint\(?s?\)? \{([^:}]+)(?::\s*([^}]*))?\}/, taint],
  [/had taint \{([^:}]+)(?::\s*([^}]*))?\}/, taint],
  [/untolerated taint/, () => 'taint'],
  [/were unschedulable/, () => 'cordoned'],
  [/didn't match Pod's node affinity\/selector|didn't match node selector/, () => 'node affinity or selector'],
  [/didn't satisfy existing pods anti-affinity/, () => 'anti-affinity of running pods'],
  [/anti-affinity/, () => 'pod anti-affinity'],
  [/pod affinity/, () => 'pod affinity'],
  [/topology spread constraints \(missing required label\)/, () => 'topology spread: node label missing'],
  [/topology spread/, () => 'topology spread'],
  [/volume node affinity conflict/, () => 'volume is in another zone or node'],
  [/no available volume zone|volume zone/, () => 'volume zone'],
  [/max volume count/, () => 'max volumes attached'],
  [/didn't find available persistent volumes to bind/, () => 'no matching persistent volume'],
  [/unbound immediate PersistentVolumeClaims/i, () => 'unbound PersistentVolumeClaim'],
  [/bound to non-existent persistentvolume/i, () => 'PersistentVolumeClaim bound to a missing volume'],
  [/free ports/, () => 'host port in use'],
  [/didn't match the requested node name/, () => 'other node name requested'],
];

function taint(found: RegExpExecArray): string {
  const value = found[2]?.trim();
  return value ? `taint ${found[1]}=${value}` : `taint ${found[1]}`;
}

const HEAD = /^(\d+)\/(\d+) nodes are available:?\s*/;
const MAX_REASONS = 4;

/**
 * Reads the message of `PodScheduled=False, reason Unschedulable`: `0/5 nodes are available: 3 Insufficient cpu, 1 node(s) had untolerated
 * taint {…}. preemption: …`. Unknown reasons are kept in the scheduler's own words.
 */
export function parseNoFit(message: string): NoFit {
  // Afterwards the plugins that would make room speak: `preemption: …`, and since 1.36 `no new claims to deallocate, preemption: …`.
  const text = message.split(/\.?\s*(?:preemption:|no new claims to deallocate)/)[0]?.trim() ?? '';
  const head = HEAD.exec(text);
  const body = (head ? text.slice(head[0].length) : text).replace(/\.$/, '');
  const counted = parts(body)
    .map(one)
    .sort((a, b) => b.count - a.count);
  const reasons = counted.map(({ count, what }) => (count > 0 ? `${count} ${what}` : what));
  const rest = reasons.length - MAX_REASONS;
  return {
    nodes: Number(head?.[2] ?? 0),
    reasons: rest > 0 ? [...reasons.slice(0, MAX_REASONS), `${rest} more`] : reasons,
    isVolume: /volume/i.test(body),
  };
}

/** Commas stand between reasons, but also inside taints and in `…, that the pod didn't tolerate`. */
function parts(body: string): readonly string[] {
  const merged: string[] = [];
  for (const piece of body.split(/,\s+(?![^{]*\})/)) {
    const previous = merged.at(-1);
    if (previous !== undefined && /^that /.test(piece)) merged[merged.length - 1] = `${previous}, ${piece}`;
    else if (piece.trim() !== '') merged.push(piece.trim());
  }
  return merged;
}

function one(piece: string): { readonly count: number; readonly what: string } {
  const counted = /^(\d+)\s+(.*)$/.exec(piece);
  const said = (counted?.[2] ?? piece).replace(/^node\(s\)\s+/, '');
  for (const [pattern, what] of REASONS) {
    const found = pattern.exec(said);
    if (found) return { count: Number(counted?.[1] ?? 0), what: what(found) };
  }
  return { count: Number(counted?.[1] ?? 0), what: shortened(said, 80) };
}

/** `no node fits: 3 insufficient cpu, 1 taint … (5 nodes)`, or the whole message where it says something else. */
export function noFitText(message: string): string {
  const { nodes, reasons } = parseNoFit(message);
  if (reasons.length === 0) return nodes > 0 ? `no node fits (${nodes} nodes)` : 'no node fits';
  if (nodes === 0) return `cannot be scheduled: ${reasons.join(', ')}`;
  return `no node fits: ${reasons.join(', ')} (of ${nodes} ${nodes === 1 ? 'node' : 'nodes'})`;
}
