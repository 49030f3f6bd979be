import type { Person } from '../../chat/invocation.ts';
import { standingOf } from '../card/words.ts';
import type { Incident } from '../incident.ts';
import { SEVERITIES } from '../severity.ts';
import type { ListFilter } from './desk.ts';

/** Whether an incident is one of those asked for. Pure. */
export function isAskedFor(incident: Incident, filter: ListFilter, asker: Person, now: number): boolean {
  return (
    (filter.cluster === undefined || incident.cluster === filter.cluster) &&
    (filter.namespace === undefined || isInNamespace(incident, filter.namespace)) &&
    (filter.severity === undefined || incident.severity === filter.severity) &&
    (filter.rule === undefined || hasRule(incident, filter.rule)) &&
    (filter.mine !== true || isOf(incident, asker)) &&
    hasStatus(incident, filter.status ?? 'open', now)
  );
}

function isInNamespace({ root, storm }: Incident, namespace: string): boolean {
  return storm ? storm.members[namespace] !== undefined : root.namespace === namespace;
}

function hasRule({ signals }: Incident, rule: string): boolean {
  return signals.some((signal) => signal.rule.toUpperCase() === rule.toUpperCase());
}

function isOf({ ack, snooze, escalations }: Incident, asker: Person): boolean {
  return [ack, snooze, ...escalations].some((one) => one && one.by !== 'shipmate' && one.by.user === asker.user);
}

function hasStatus(incident: Incident, status: NonNullable<ListFilter['status']>, now: number): boolean {
  if (status === 'all') return true;
  const standing = standingOf(incident, now);
  return status === 'open' ? standing !== 'resolved' : standing === status;
}

/** Open before over, what stands for itself before what is part of another, the worst first, then the newest. */
export function byUrgency(a: Incident, b: Incident): number {
  return (
    Number(a.status === 'resolved') - Number(b.status === 'resolved') ||
    Number(a.partOf !== undefined) - Number(b.partOf !== undefined) ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    b.openedAt - a.openedAt
  );
}
