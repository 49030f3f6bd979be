import type { Incident } from '../incident.ts';
import { calmAt, calmed } from '../lifecycle/flapping.ts';
import { snoozeOver } from '../lifecycle/presses.ts';
import { resolved } from '../lifecycle/resolve.ts';
import { runOut, runsOutAt } from '../lifecycle/stale.ts';
import { updated } from '../lifecycle/update.ts';
import { SECOND } from '../rule.ts';
import type { Quiet } from '../silences/silence.ts';
import type { Draft } from './draft.ts';
import { GRACE_MS } from './inhibition.ts';
import type { Memory } from './memory.ts';

/** Whether a reboot is over is asked this often. */
const REBOOTS_EVERY_MS = 15 * SECOND;

/** Does what the time has come for, beside silences, inhibition and storms, which are judged anew with every `due`. */
export function takeDue(draft: Draft, memory: Memory, now: number): void {
  for (const [key, at] of memory.holding) {
    if (at > now) continue;
    memory.holding.delete(key);
    const incident = draft.get(key);
    draft.put(incident && resolved(incident, { how: 'recovered' }, now));
  }
  for (const [key, { state, at }] of memory.details) {
    if (at > now) continue;
    memory.details.delete(key);
    const incident = draft.get(key);
    if (incident?.status === 'firing') draft.put(updated(incident, state, now));
  }
  for (const incident of draft.firing()) {
    for (const step of [snoozeOver, runOut]) draft.put(step(draft.get(incident.key) ?? incident, now));
    // What is held because it flaps keeps its badge until it is over.
    if (!memory.holding.has(incident.key)) draft.put(calmed(draft.get(incident.key) ?? incident, now));
  }
}

/** The first moment at which `takeDue`, or judging everything again, would change something. */
export function firstDue(
  known: Iterable<Incident>,
  memory: Memory,
  quiets: readonly Quiet[],
  lastLookAt: number,
): number | undefined {
  let first = Infinity;
  const at = (time: number | undefined): void => {
    if (time !== undefined && time < first) first = time;
  };
  const ends = new Map<string, number>();
  const waiting: string[] = [];
  for (const incident of known) {
    if (incident.resolvedAt !== undefined) ends.set(incident.key, incident.resolvedAt);
    if (incident.status !== 'firing') continue;
    at(incident.snooze?.until);
    if (!memory.holding.has(incident.key)) at(calmAt(incident));
    at(runsOutAt(incident));
    if (incident.partOf?.why === 'reboot') at(lastLookAt + REBOOTS_EVERY_MS);
    if (incident.partOf?.why === 'node') waiting.push(incident.partOf.key);
  }
  for (const key of waiting) at(ends.has(key) ? (ends.get(key) as number) + GRACE_MS : undefined);
  for (const time of memory.holding.values()) at(time);
  for (const { at: time } of memory.details.values()) at(time);
  for (const { nextAt, isWaiting } of memory.umbrellas.values()) if (isWaiting) at(nextAt);
  for (const { from, until } of quiets) for (const time of [from, until]) if (time > lastLookAt) at(time);
  return Number.isFinite(first) ? first : undefined;
}
