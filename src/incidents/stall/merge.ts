import type { Domain } from '../rule.ts';
import type { ObjectRef } from '../sight.ts';
import type { RootState, Signal } from '../signal.ts';

/**
 * One sick root, one incident. The engine groups by root and domain, so that a rollout to a bad image would be two: its pods' (P03,
 * availability) and its own (R02, rollout). Signals of both domains of one root go into one of them:
 *
 *   an incident is open in one of them   → there, until everything is over
 *   a signal of the rollout itself       → rollout
 *   an ill pod of the newest template
 *   while the root is rolling out        → rollout
 *   otherwise                            → availability
 *
 * A Job has one incident, too: what hinders its pods is told in the job's. Rollouts that merely wait for somebody (paused, OnDelete) stay
 * where they are and attract nothing. Pure.
 * @param states of one root, at most one per domain. @param target as it was decided when the first of these signals came.
 */
export function joinDomains(states: readonly RootState[], target: Domain): RootState[] {
  const parts = states.filter(({ domain }) => isJoined(domain));
  const [first] = parts;
  if (!first) return [...states];
  const moving = parts.flatMap(({ domain, signals }) =>
    domain === target ? signals : signals.filter((signal) => !isForgotten(signal)),
  );
  const staying = parts.flatMap(({ domain, signals }) => (domain === target ? [] : signals.filter(isForgotten)));
  const joined: RootState = {
    ...first,
    domain: target,
    signals: withoutRepeats(moving),
    nodes: [...new Set(parts.flatMap(({ nodes }) => nodes))].sort(),
    isPending: parts.some(({ isPending }) => isPending),
    isGone: parts.some(({ isGone }) => isGone),
  };
  const rest = parts
    .filter(({ domain }) => domain !== target)
    .map((state) => ({ ...state, signals: staying.filter(({ domain }) => domain === state.domain), isPending: false }));
  return [joined, ...rest, ...states.filter(({ domain }) => !isJoined(domain))];
}

const JOINED: readonly Domain[] = ['availability', 'rollout', 'job'];

/** Whether states of this domain are joined with the others of their root. */
export function isJoined(domain: Domain): boolean {
  return JOINED.includes(domain);
}

export interface Deciding {
  /** An incident of this root that people were told of is open in that domain. */
  isOpen(root: ObjectRef, domain: Domain): boolean;
  /** An ill pod of the newest template while its root is rolling out. */
  isOfRollout(signal: Signal, root: ObjectRef): boolean;
}

/** Where the signals of a root belong; undefined while there is nothing to join. @param states of one root. */
export function targetOf(states: readonly RootState[], { isOpen, isOfRollout }: Deciding): Domain | undefined {
  const signals = states.filter(({ domain }) => isJoined(domain)).flatMap((state) => state.signals);
  const counting = signals.filter((signal) => !isForgotten(signal));
  const root = states[0]?.root;
  if (!root || counting.length === 0) return undefined;
  if (root.kind === 'Job' || root.kind === 'CronJob') return 'job';
  if (isOpen(root, 'rollout')) return 'rollout';
  if (isOpen(root, 'availability')) return 'availability';
  const isRollout = counting.some((signal) => signal.domain === 'rollout' || isOfRollout(signal, root));
  return isRollout ? 'rollout' : 'availability';
}

/** It waits for a person since yesterday: no trouble of today belongs to it. */
function isForgotten({ rule, key }: Signal): boolean {
  return rule === 'R08' || rule === 'S03' || (rule === 'A01' && key === 'paused');
}

/** The controller's verdict stands for ours about the same rollout: one headline, not two. */
function withoutRepeats(signals: readonly Signal[]): readonly Signal[] {
  const final = new Set(signals.filter(({ rule, clearSince }) => isFinal(rule) && !clearSince).map(uidOf));
  return signals.filter((signal) => !(isEarly(signal.rule) && final.has(uidOf(signal))));
}

function isFinal(rule: string): boolean {
  return ['R01', 'R07', 'S01', 'S02', 'D01'].includes(rule);
}

function isEarly(rule: string): boolean {
  return rule === 'R02';
}

function uidOf({ object }: Signal): string {
  return object.uid;
}
