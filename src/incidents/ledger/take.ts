import type { Incident } from '../incident.ts';
import { keyOf } from '../key.ts';
import { FLAPPING_HOLD_DOWN_MS } from '../lifecycle/flapping.ts';
import { opensIncident, summaryOf } from '../lifecycle/headline.ts';
import { endedToo, mayReopen, opened, reopened, staysResolved } from '../lifecycle/open.ts';
import { resolved } from '../lifecycle/resolve.ts';
import { isDetail, updated } from '../lifecycle/update.ts';
import type { RootState } from '../signal.ts';
import type { Draft } from './draft.ts';
import { forget, type Memory } from './memory.ts';

/** Details of one incident, such as which pods, are recorded at most this often. */
const DETAILS_EVERY_MS = 5_000;

/** What the engine says about one root now: opens, continues or ends its incident. */
export function takeState(draft: Draft, state: RootState, memory: Memory, now: number): void {
  const key = keyOf(state.cluster, state.root, state.domain);
  const current = draft.get(key);
  if (opensIncident(state)) takeWrong(draft, key, current, state, memory, now);
  else takeWell(draft, key, current, state, memory, now);
}

function takeWrong(
  draft: Draft,
  key: string,
  current: Incident | undefined,
  state: RootState,
  memory: Memory,
  now: number,
): void {
  memory.nodes.set(key, state.nodes);
  memory.holding.delete(key);
  memory.unseen.delete(key);
  if (current?.status === 'firing') {
    takeChange(draft, key, current, state, memory, now);
    return;
  }
  forget(memory, key);
  if (current && staysResolved(current, summaryOf(state.signals).severity)) return;
  draft.put(current && mayReopen(current, now) ? reopened(current, state, now) : opened(state, now, current));
}

function takeChange(draft: Draft, key: string, current: Incident, state: RootState, memory: Memory, now: number): void {
  const next = updated(current, state, now);
  const at = (memory.recordedAt.get(key) ?? 0) + DETAILS_EVERY_MS;
  if (next && isDetail(current, next) && at > now) {
    memory.details.set(key, { state, at });
    return;
  }
  memory.details.delete(key);
  draft.put(next);
}

function takeWell(
  draft: Draft,
  key: string,
  current: Incident | undefined,
  state: RootState,
  memory: Memory,
  now: number,
): void {
  if (state.isPending && !state.isGone) return;
  memory.nodes.delete(key);
  memory.details.delete(key);
  if (!current) return;
  if (current.status === 'resolved') {
    draft.put(endedToo(current, now));
    return;
  }
  if (current.isFlapping && !state.isGone) {
    if (!memory.holding.has(key)) memory.holding.set(key, now + FLAPPING_HOLD_DOWN_MS);
    return;
  }
  memory.holding.delete(key);
  // It was well at the first look and stayed so: when it ended nobody saw.
  const how = memory.unseen.delete(key) ? 'while-away' : 'recovered';
  draft.put(resolved(current, { how: state.isGone ? 'deleted' : how }, now));
}

/** What is recorded and no longer stands, at a start. What cannot be seen stays as it is. */
export function compare(
  draft: Draft,
  standing: readonly RootState[],
  memory: Memory,
  now: number,
  { isTakeOver, isBlindFor }: { readonly isTakeOver: boolean; isBlindFor(kind: string): boolean },
): void {
  const stands = new Set(standing.map(({ cluster, root, domain }) => keyOf(cluster, root, domain)));
  if (isTakeOver) noteUnseen(standing, memory);
  for (const incident of draft.all()) {
    if (incident.kind !== 'root' || stands.has(incident.key) || isHidden(incident, isBlindFor)) continue;
    if (isTakeOver && incident.status === 'firing' && incident.root.kind !== 'Shipmate')
      draft.put(resolved(incident, { how: 'while-away' }, now));
    else takeState(draft, nothingWrong(incident), memory, now);
  }
}

/** It fired before, and only its hold-down keeps it open. */
function noteUnseen(standing: readonly RootState[], memory: Memory): void {
  for (const { cluster, root, domain, signals, isPending } of standing) {
    if (isPending && signals.length === 0) memory.unseen.add(keyOf(cluster, root, domain));
  }
}

/** Whether one of the objects that it is about, or what is said about them, cannot be seen. */
function isHidden({ root, signals }: Incident, isBlindFor: (kind: string) => boolean): boolean {
  if (root.kind === 'Shipmate') return false;
  return isBlindFor('Event') || isBlindFor(root.kind) || signals.some(({ object }) => isBlindFor(object.kind));
}

function nothingWrong({ cluster, root, domain, labels }: Incident): RootState {
  const rest = { namespaceLabels: {}, labels, nodes: [], isPending: false, isGone: false };
  return { cluster, root, domain, signals: [], ...rest };
}
