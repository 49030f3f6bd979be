import type { Colour } from '../../chat/message.ts';
import { byCause } from '../actions.ts';
import type { Incident, LogLine, Storm } from '../incident.ts';
import type { Severity } from '../severity.ts';
import type { ObjectRef } from '../sight.ts';
import type { Signal } from '../signal.ts';

/** How an incident stands, as people say it. */
export type Standing = 'firing' | 'acked' | 'snoozed' | 'silenced' | 'resolved';

/** @param now epoch ms; a snooze that is over counts no more. */
export function standingOf(incident: Incident, now: number): Standing {
  if (incident.status === 'resolved') return 'resolved';
  if (incident.silencedBy !== undefined) return 'silenced';
  if (incident.snooze && incident.snooze.until > now) return 'snoozed';
  return incident.ack ? 'acked' : 'firing';
}

const COLOURS: Readonly<Record<Standing, Colour>> = {
  firing: 'firing',
  acked: 'acked',
  snoozed: 'snoozed',
  silenced: 'snoozed',
  resolved: 'resolved',
};

export function colourOf(standing: Standing): Colour {
  return COLOURS[standing];
}

const MARKS: Readonly<Record<Exclude<Standing, 'firing'>, string>> = {
  acked: '👀',
  snoozed: '💤',
  silenced: '🔇',
  resolved: '✅',
};
const SEVERITY_MARKS: Readonly<Record<Severity, string>> = { critical: '🚨', high: '🔴', warning: '🟠', info: '🔵' };

/** One sign that is told apart without its colour, too. */
export function markOf(incident: Incident, standing: Standing): string {
  return standing === 'firing' ? SEVERITY_MARKS[incident.severity] : MARKS[standing];
}

/** Nothing is wrong with it any more; it is called over when it stays so. */
export function isRecovering({ kind, status, signals }: Incident): boolean {
  return kind === 'root' && status === 'firing' && signals.length > 0 && signals.every(hasCleared);
}

/** Since when nothing is wrong any more; epoch ms. */
export function wellSince({ signals }: Incident): number {
  return Math.max(...signals.map(({ clearSince = 0 }) => clearSince));
}

function hasCleared({ clearSince }: Signal): boolean {
  return clearSince !== undefined;
}

const STATE_WORDS: Readonly<Record<Standing, string>> = {
  firing: 'firing',
  acked: 'acked',
  snoozed: 'snoozed',
  silenced: 'silenced',
  resolved: 'resolved',
};

export function stateWord(standing: Standing): string {
  return STATE_WORDS[standing];
}

/** `shop/deployment/web`, `node/harbour-2`. */
export function objectWords({ kind, namespace, name }: ObjectRef): string {
  const own = kind === '' ? name : `${kind.toLowerCase()}/${name}`;
  return namespace === '' ? own : `${namespace}/${own}`;
}

/** `shop/web`: as short as it is still found by. */
export function shortName({ namespace, name }: ObjectRef): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** The signal that gives the incident its cause. */
export function headSignal(incident: Incident): Signal | undefined {
  const open = incident.signals.filter(({ clearSince }) => clearSince === undefined);
  return byCause(open.length > 0 ? open : incident.signals)[0];
}

/** What is wrong, in few words: `crash loop`. */
export function whatWords(incident: Incident): string {
  if (incident.storm) return stormWords(incident.storm, incident.status);
  if (incident.external) return withoutName(incident.external.title, incident.root.name);
  return headSignal(incident)?.title ?? incident.cause;
}

/** Alertmanager's titles begin with the alert's name, which stands before them anyway. */
function withoutName(title: string, name: string): string {
  return title.startsWith(`${name}: `) ? title.slice(name.length + 2) : title;
}

function stormWords({ count, open }: Storm, status: Incident['status']): string {
  if (count === 1) return '1 fails';
  return status === 'firing' && open < count ? `${count} failed together, ${open} still do` : `${count} fail together`;
}

/** What the members of a storm share: `registry registry.example.com`; '' where nothing is known. */
export function sharedWords({ storm }: Incident): string {
  return storm?.shared === undefined ? '' : `${SHARED[storm.shared.what]} ${storm.shared.name}`;
}

/** The cause that most members of a storm give, without what its headline says already. */
export function commonCause({ storm, cause }: Incident): string {
  const ends = [...(storm?.shared ? [`${storm.shared.name}: `] : []), 'most often: ', 'first look: '];
  const end = ends.find((one) => cause.includes(one));
  return end === undefined ? cause : cause.slice(cause.indexOf(end) + end.length);
}

const SHARED = {
  node: 'node',
  registry: 'registry',
  storageClass: 'storage class',
  quota: 'quota',
  webhook: 'admission webhook',
} as const;

/** `shop/deployment/web`, what a storm shares, or where an external alert comes from. */
export function subjectWords(incident: Incident): string {
  if (incident.storm) return sharedWords(incident);
  if (incident.external) return incident.root.name === '' ? incident.external.source : shortName(incident.root);
  return objectWords(incident.root);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** At most `max` characters. */
export function short(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).trimEnd()}…`;
}

/** Whether this line is the one that an escalation left: it says so without the ids in it. */
export function escalationOf({ escalations }: Incident, line: LogLine): Incident['escalations'][number] | undefined {
  if (!line.text.startsWith('Escalated')) return undefined;
  return escalations.find(
    ({ at, by }) => at === line.at && (by === 'shipmate' ? undefined : by.user) === line.by?.user,
  );
}

/** A line of the log as people read it. */
export function lineWords(incident: Incident, line: LogLine): string {
  return escalationOf(incident, line) ? 'Escalated.' : line.text;
}

/** The same where the cause is read right above it. */
export function lineBelowCause(incident: Incident, line: LogLine): string {
  const said = lineWords(incident, line);
  const known = [incident.cause, ...incident.signals.map(({ cause }) => cause)].find((cause) =>
    said.endsWith(`: ${cause}.`),
  );
  return known === undefined ? said : `${said.slice(0, -known.length - 3)}.`;
}
