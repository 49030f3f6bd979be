import { humanDuration } from '../../time.ts';
import type { Incident } from '../incident.ts';
import {
  capital,
  commonCause,
  isRecovering,
  markOf,
  type Standing,
  sharedWords,
  short,
  shortName,
  standingOf,
  stateWord,
  subjectWords,
  whatWords,
} from './words.ts';

/**
 * The first line of the message: sign, severity, state, where, what. Everything that somebody needs who reads nothing else.
 * `🔴 HIGH · firing · demo · shop/deployment/web · crash loop`
 */
export function headline(incident: Incident, now: number): string {
  const standing = standingOf(incident, now);
  return [
    `${markOf(incident, standing)} ${drillWord(incident)}${severityWord(incident, standing)}`,
    isRecovering(incident) ? 'Recovering' : capital(stateWord(standing)),
    incident.cluster,
    short(subjectWords(incident), 200),
    short(whatWords(incident), 200),
    incident.partOf ? `part of ${incident.partOf.id}` : '',
    incident.isFlapping ? 'flapping 〰️' : '',
  ]
    .filter((piece) => piece !== '')
    .join(' · ');
}

/** What a phone shows on its lock screen: `SEV · cluster · ns/name · cause · age`. */
export function notice(incident: Incident, now: number): string {
  const standing = standingOf(incident, now);
  const lasted = humanDuration(Math.max(0, (incident.resolvedAt ?? now) - incident.startedAt));
  const age = standing === 'resolved' ? `after ${lasted}` : lasted;
  const state = standing === 'firing' ? '' : `${stateWord(standing)} `;
  return [
    `${drillWord(incident)}${state === '' ? '' : capital(state)}${incident.severity.toUpperCase()}`,
    incident.cluster,
    incident.storm ? sharedWords(incident) : short(shortName(incident.root) || subjectWords(incident), 150),
    short(whatAndWhy(incident), 300),
    age,
  ]
    .filter((piece) => piece !== '')
    .join(' · ');
}

/** `rollout stalled (2/2 ready): new image "web:9" cannot be pulled`: first what lets somebody decide whether to get up. */
function whatAndWhy(incident: Incident): string {
  const { kind, impact, status } = incident;
  if (kind === 'external') return causeWords(incident);
  const ready = impact && status === 'firing' ? ` (${impact.available}/${impact.desired} ready)` : '';
  const why = withShortImages(incident.storm ? commonCause(incident) : causeWords(incident));
  return `${whatWords(incident)}${ready}: ${why}`;
}

/** An image by its name and tag: where it comes from fills a lock screen. */
function withShortImages(text: string): string {
  return text.replace(/"(?:[\w.:-]+\/)+([\w.@:-]+)"/g, '"$1"');
}

/** The whole cause; an external alert's own text where it has one. */
export function causeWords(incident: Incident): string {
  return incident.cause || incident.external?.title || whatWords(incident);
}

function drillWord({ kind }: Incident): string {
  return kind === 'drill' ? 'DRILL · ' : '';
}

/** Once it is over, how bad it had been. */
function severityWord({ severity, peak }: Incident, standing: Standing): string {
  return (standing === 'resolved' ? peak : severity).toUpperCase();
}
