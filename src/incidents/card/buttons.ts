import type { Button } from '../../chat/message.ts';
import { actionsOf, type Offer } from '../actions.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Incident } from '../incident.ts';
import { isRecovering, shortName, standingOf } from './words.ts';

/** Words of the Snooze menu. */
export const SNOOZES = [
  { word: '30m', label: 'For 30 minutes' },
  { word: '2h', label: 'For 2 hours' },
  { word: 'morning', label: 'Until 09:00 tomorrow' },
  { word: 'monday', label: 'Until Monday 09:00' },
] as const;
export type SnoozeWord = (typeof SNOOZES)[number]['word'];

/**
 * At most five: Ack, Snooze, Escalate, Resolve, More. Where a rollout has stalled, going back is one tap away and Escalate stands in the
 * menu. Who has it needs no Ack any more, what recovers no way back. None once it is over.
 */
export function buttonsOf(incident: Incident, now: number, evidence?: Evidence): readonly Button[] {
  if (standingOf(incident, now) === 'resolved') return [];
  const value = `${incident.id}.${incident.generation}`;
  const offers = actionsOf(incident).filter(({ action }) => action !== 'rollback' || !isFirstRevision(evidence));
  const isStalled = incident.domain === 'rollout' && !isRecovering(incident);
  const rollback = isStalled ? offers.find(({ action }) => action === 'rollback') : undefined;
  const ack: Button = { action: 'ack', label: 'Ack', value, style: 'primary' };
  return [
    ...(incident.ack ? [] : [ack]),
    { action: 'snooze', label: 'Snooze', value, options: SNOOZES },
    rollback ? { action: 'rollback', label: rollback.label, value } : { action: 'escalate', label: 'Escalate', value },
    resolveButton(incident, value),
    { action: 'more', label: 'More', value, options: choices(offers, rollback) },
  ];
}

/** There is nothing to go back to. */
function isFirstRevision(evidence: Evidence | undefined): boolean {
  return evidence?.change?.revision === 1;
}

function choices(offers: readonly Offer[], rollback: Offer | undefined): { word: string; label: string }[] {
  return [
    ...offers.filter((offer) => offer !== rollback).map(({ action, label }) => ({ word: action, label })),
    ...(rollback ? [{ word: 'escalate', label: 'Escalate' }] : []),
    { word: 'noise', label: 'This is noise' },
  ];
}

function resolveButton(incident: Incident, value: string): Button {
  const isDrill = incident.kind === 'drill';
  return {
    action: 'resolve',
    label: isDrill ? 'End the drill' : 'Resolve',
    value,
    ask: isDrill
      ? { title: 'End the drill?', text: 'Nothing real is wrong; this was a test.', yes: 'End it', no: 'Not yet' }
      : { title: resolveTitle(incident), text: resolveText(incident), yes: 'Resolve', no: 'Leave it' },
  };
}

function isFailing({ signals, storm, external }: Incident): boolean {
  if (storm) return storm.open > 0;
  return external?.status === 'firing' || signals.some(({ clearSince }) => clearSince === undefined);
}

function resolveTitle(incident: Incident): string {
  return isFailing(incident) ? 'It still fails. Resolve?' : 'Resolve?';
}

function resolveText(incident: Incident): string {
  const what = incident.storm ? `${incident.storm.open} of ${incident.storm.count} objects` : shortName(incident.root);
  const name = what === '' ? 'It' : what;
  return isFailing(incident)
    ? `${name} still fails. Resolved by hand it stays quiet while nothing changes. You are told again when it gets worse, or recovers and fails anew.`
    : `${name} seems well already. Left alone, this ends by itself in a moment.`;
}
