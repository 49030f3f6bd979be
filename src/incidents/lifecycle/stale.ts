import type { ExternalAlert, Incident } from '../incident.ts';
import { MINUTE } from '../rule.ts';
import { resolved } from './resolve.ts';

/** A drill that nobody ends is over by then. */
export const DRILL_MS = 10 * MINUTE;

/** When an incident that no engine watches ends by itself; epoch ms. */
export function runsOutAt(incident: Incident): number | undefined {
  if (incident.status !== 'firing') return undefined;
  if (incident.kind === 'drill') return incident.openedAt + DRILL_MS;
  if (incident.kind !== 'external') return undefined;
  const ends = alertsOf(incident)
    .filter(({ status }) => status === 'firing')
    .map(({ staleAt }) => staleAt ?? Infinity);
  const end = Math.max(...ends);
  return Number.isFinite(end) ? end : undefined;
}

/** Step: nobody has said anything about it for too long, or the drill has lasted long enough. */
export function runOut(incident: Incident, now: number): Incident | undefined {
  const at = runsOutAt(incident);
  if (at === undefined || at > now) return undefined;
  return resolved(incident, { how: incident.kind === 'drill' ? 'drill-over' : 'stale' }, now);
}

/** Every alert that the other system grouped here. */
export function alertsOf({ alerts, external }: Incident): readonly ExternalAlert[] {
  if (alerts) return Object.values(alerts);
  return external ? [external] : [];
}
