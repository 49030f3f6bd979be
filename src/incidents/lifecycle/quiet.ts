import type { Incident } from '../incident.ts';
import type { Quiet } from '../silences/silence.ts';
import { said } from './line.ts';

/** Step: somebody does not want to hear of it, or again does (`quiet` undefined). */
export function silenced(incident: Incident, quiet: Quiet | undefined, now: number): Incident | undefined {
  if (incident.silencedBy === quiet?.id) return undefined;
  const next: Incident = { ...incident, silencedBy: quiet?.id };
  if (quiet) return said(next, now, `Quiet now: ${quiet.label}.`);
  return said(
    next,
    now,
    incident.status === 'firing' ? 'No longer silenced, and still failing.' : 'No longer silenced.',
  );
}

/** Step: another incident explains this one, which from now on says nothing itself. */
export function joined(incident: Incident, partOf: NonNullable<Incident['partOf']>, now: number): Incident | undefined {
  if (incident.partOf?.key === partOf.key && incident.partOf.id === partOf.id) return undefined;
  return said({ ...incident, partOf }, now, JOINED[partOf.why]);
}

/** Step: it stands for itself again. */
export function released(incident: Incident, now: number): Incident | undefined {
  if (incident.partOf === undefined) return undefined;
  return said({ ...incident, partOf: undefined }, now, RELEASED[incident.partOf.why]);
}

const JOINED = {
  storm: 'One of many that fail together; told there.',
  node: 'Its pods are on a node that is down; told there.',
  reboot: 'The node is being rebooted: expected.',
} as const;

const RELEASED = {
  storm: 'No longer one of many; it still fails by itself.',
  node: 'The node no longer explains it; it still fails.',
  reboot: 'The reboot no longer explains it; the node is still away.',
} as const;

/** Whether people should be told of it by a message of its own. */
export function isToBeTold(incident: Incident): boolean {
  return (
    incident.status === 'firing' &&
    incident.peak !== 'info' &&
    incident.partOf === undefined &&
    incident.silencedBy === undefined
  );
}
