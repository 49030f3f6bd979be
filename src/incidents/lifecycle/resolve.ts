import { humanDuration } from '../../time.ts';
import type { Incident, Resolution } from '../incident.ts';
import { turned } from './flapping.ts';
import { said } from './line.ts';

/** Step: it is over. Undefined when it already was. The end of a critical one is said aloud. */
export function resolved(incident: Incident, resolution: Resolution, now: number): Incident | undefined {
  if (incident.status === 'resolved') return undefined;
  const over: Incident = {
    ...incident,
    status: 'resolved',
    resolvedAt: now,
    resolution,
    snooze: undefined,
    endedAt: resolution.how === 'by-hand' && incident.kind !== 'drill' ? undefined : now,
    ...turned(incident.transitions, now),
  };
  const by = resolution.how === 'by-hand' ? resolution.by : undefined;
  return said(over, now, endText(incident, resolution, now), { by, isLoud: incident.peak === 'critical' });
}

function endText(incident: Incident, resolution: Resolution, now: number): string {
  const after = `after ${humanDuration(now - incident.startedAt)}`;
  switch (resolution.how) {
    case 'recovered':
      return `Recovered ${after}.`;
    case 'while-away':
      return `Over while the bot was away: it is well or gone now, at the latest ${after}.`;
    case 'deleted':
      return `Over ${after}: it was deleted.`;
    case 'external':
      return `Over ${after}, says ${incident.external?.source ?? 'the other system'}.`;
    case 'stale':
      return `Over, as far as anybody knows: ${incident.external?.source ?? 'the other system'} has fallen silent about it.`;
    case 'drill-over':
      return `The drill is over ${after}.`;
    case 'by-hand':
      return byHandText(incident, resolution.why);
  }
}

function byHandText(incident: Incident, why: string | undefined): string {
  const because = why === undefined || why === '' ? '' : `: ${why}`;
  if (incident.kind === 'drill') return `Drill ended by hand${because}.`;
  return `Resolved by hand while it still fails${because}. It opens again when it ends and fails anew, or gets worse.`;
}
