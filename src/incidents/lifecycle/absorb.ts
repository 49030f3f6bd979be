import type { ExternalAlert, Incident } from '../incident.ts';
import { keyOf, occurrenceId } from '../key.ts';
import { MINUTE } from '../rule.ts';
import { isWorse } from '../severity.ts';
import type { ObjectRef } from '../sight.ts';
import type { Signal } from '../signal.ts';
import { turned } from './flapping.ts';
import { summaryOf } from './headline.ts';
import { said } from './line.ts';
import { againText, continued, endedToo, mayReopen, staysResolved } from './open.ts';
import { resolved } from './resolve.ts';
import { risen } from './update.ts';

/** That nothing has changed is recorded this often. */
const HEARTBEAT_MS = MINUTE;
/** More alerts than that in one group are counted no more; those that are over go first. */
const ALERTS_KEPT = 200;

/** The key of what another system calls one thing: its group where it groups, else the alert. */
export function externalKey({ source, groupKey, fingerprint }: ExternalAlert): string {
  const name = groupKey === undefined ? `alert ${fingerprint}` : `group ${groupKey}`;
  return keyOf('', { kind: 'Alert', namespace: source, name }, 'external');
}

/**
 * What another system says about one thing, taken into its incident: the same life as any other. A repeat is a sign of life.
 * @param alerts all of one key. @returns undefined when nothing has to be recorded.
 */
export function absorbed(
  current: Incident | undefined,
  alerts: readonly ExternalAlert[],
  now: number,
): Incident | undefined {
  const continues = current && (current.status === 'firing' || mayReopen(current, now) || isByHand(current));
  const known = continues ? (current.alerts ?? {}) : {};
  const all = merged(known, alerts, now);
  const firing = Object.values(all).filter(({ status }) => status === 'firing');
  if (!current || !continues) return firing.length > 0 ? fresh(all, firing, now, current) : undefined;
  const labels = firing.length > 0 ? sharedLabels(firing) : current.labels;
  const next = { ...current, ...wordsOf(all, firing, current), labels };
  if (current.status === 'resolved') return afterEnd(current, next, known, firing, now);
  if (firing.length === 0) return resolved(next, { how: 'external' }, now);
  return changed(current, next, known, firing, now);
}

function merged(
  known: Readonly<Record<string, ExternalAlert>>,
  alerts: readonly ExternalAlert[],
  now: number,
): Readonly<Record<string, ExternalAlert>> {
  const all = new Map(Object.entries(known).map(([fingerprint, alert]) => [fingerprint, fallenSilent(alert, now)]));
  for (const alert of alerts) {
    const before = all.get(alert.fingerprint);
    // That something is over which was never heard of says nothing.
    if (alert.status === 'firing' || before) all.set(alert.fingerprint, asKnown(alert, before));
  }
  for (const [fingerprint, { status }] of all) {
    if (all.size <= ALERTS_KEPT) break;
    if (status === 'resolved') all.delete(fingerprint);
  }
  return Object.fromEntries([...all].slice(-ALERTS_KEPT));
}

/** One of a group that is repeated without it is over, too. */
function fallenSilent(alert: ExternalAlert, now: number): ExternalAlert {
  const isSilent = alert.status === 'firing' && alert.staleAt !== undefined && alert.staleAt <= now;
  return isSilent ? { ...alert, status: 'resolved' } : alert;
}

/** An end may be said in few words, and a repeat need not say since when. */
function asKnown(alert: ExternalAlert, before: ExternalAlert | undefined): ExternalAlert {
  if (!before) return alert;
  if (alert.status === 'resolved') return { ...before, status: 'resolved', lastSeenAt: alert.lastSeenAt };
  return alert.isStartGuessed && before.status === 'firing' ? { ...alert, startsAt: before.startsAt } : alert;
}

function fresh(
  all: Readonly<Record<string, ExternalAlert>>,
  firing: readonly ExternalAlert[],
  now: number,
  earlier: Incident | undefined,
): Incident {
  const alert = firing[0] as ExternalAlert;
  const key = externalKey(alert);
  const startedAt = Math.min(now, ...firing.map(({ startsAt }) => startsAt));
  const words = wordsOf(all, firing, undefined);
  const incident: Incident = {
    id: occurrenceId(key, now),
    key,
    generation: 0,
    kind: 'external',
    cluster: alert.labels.cluster ?? '',
    root: refOf(alert),
    domain: 'external',
    ...words,
    peak: words.severity,
    status: 'firing',
    startedAt,
    detectedAt: startedAt,
    openedAt: now,
    escalations: [],
    ...turned(earlier?.transitions ?? [], now),
    log: [],
    labels: sharedLabels(firing),
  };
  return said(incident, now, `Told by ${alert.source}: ${words.cause}.`);
}

/** It is over here. What another system repeats of the same trouble opens nothing that a person has closed. */
function afterEnd(
  current: Incident,
  next: Incident,
  known: Readonly<Record<string, ExternalAlert>>,
  firing: readonly ExternalAlert[],
  now: number,
): Incident | undefined {
  if (firing.length === 0) return endedToo(current, now);
  const isKnown = firing.every((alert) => isSameFire(known[alert.fingerprint], alert));
  if (isKnown && staysResolved(current, next.severity)) return undefined;
  if (!mayReopen(current, now)) return fresh(next.alerts ?? {}, firing, now, current);
  const again = { ...next, ...continued(current, now) };
  return risen(said(again, now, againText(current, next.cause, now)), now);
}

function changed(
  current: Incident,
  next: Incident,
  known: Readonly<Record<string, ExternalAlert>>,
  firing: readonly ExternalAlert[],
  now: number,
): Incident | undefined {
  const added = firing.filter(({ fingerprint }) => known[fingerprint]?.status !== 'firing');
  const isSame = added.length === 0 && words(current) === words(next);
  if (isSame) return now - (current.external?.lastSeenAt ?? 0) >= HEARTBEAT_MS ? next : undefined;
  const first = added[0];
  if (!first || isWorse(next.severity, current.peak)) return risen(next, now);
  const others = added.length > 1 ? ` and ${added.length - 1} more` : '';
  return said(next, now, `Also fires: ${first.title}${others}.`);
}

function words({ signals, moreSignals, severity, cause }: Incident): string {
  return JSON.stringify([signals, moreSignals, severity, cause]);
}

/** When all is over the last words stand. */
function wordsOf(
  all: Readonly<Record<string, ExternalAlert>>,
  firing: readonly ExternalAlert[],
  before: Incident | undefined,
): Pick<Incident, 'signals' | 'moreSignals' | 'severity' | 'cause' | 'external' | 'alerts'> {
  if (firing.length === 0 && before) {
    const { signals, moreSignals, severity, cause, external } = before;
    const last = external && all[external.fingerprint];
    return { signals, moreSignals, severity, cause, external: last ?? external, alerts: all };
  }
  const summary = summaryOf(firing.map(signalOf));
  const external = firing.find(({ fingerprint }) => fingerprint === summary.signals[0]?.key);
  const lastSeenAt = Math.max(...firing.map((alert) => alert.lastSeenAt));
  return { ...summary, external: external && { ...external, lastSeenAt }, alerts: all };
}

function signalOf(alert: ExternalAlert): Signal {
  const object = refOf(alert);
  return {
    rule: alert.labels.alertname ?? alert.source,
    title: alert.title,
    object,
    key: alert.fingerprint,
    domain: 'external',
    since: alert.startsAt,
    firedAt: alert.startsAt,
    severity: alert.severity,
    cause: alert.title,
    causeClass: 'other',
    facts: Object.entries(alert.labels)
      .filter(([label]) => label !== 'alertname' && label !== 'severity')
      .slice(0, 8)
      .map(([label, value]) => ({ label, value })),
    shares: {},
    about: object,
    evidence: [],
    actions: [],
    isFolded: false,
  };
}

/** Called by the name that its sender gives to all of its kind; one without says what it is in its title. */
function refOf({ labels, source, fingerprint }: ExternalAlert): ObjectRef {
  const namespace = labels.namespace ?? '';
  return { apiVersion: '', kind: 'Alert', namespace, name: labels.alertname ?? source, uid: fingerprint };
}

/** Of a group only what all its alerts say. */
function sharedLabels(alerts: readonly ExternalAlert[]): Readonly<Record<string, string>> {
  const [first, ...others] = alerts.map(({ labels }) => Object.entries(labels));
  const common = (first ?? []).filter(([label, value]) =>
    others.every((labels) => labels.some(([other, its]) => other === label && its === value)),
  );
  return Object.fromEntries(common);
}

function isByHand({ resolution, endedAt }: Incident): boolean {
  return resolution?.how === 'by-hand' && endedAt === undefined;
}

function isSameFire(known: ExternalAlert | undefined, alert: ExternalAlert): boolean {
  return known?.status === 'firing' && (alert.isStartGuessed === true || known.startsAt === alert.startsAt);
}
