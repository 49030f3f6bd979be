import type { FieldsPart, FieldValue, Span } from '../../chat/message.ts';
import { humanDuration } from '../../time.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Incident, Resolution } from '../incident.ts';
import { causeWords } from './headline.ts';
import { placeWords } from './labels.ts';
import { commonCause, headSignal, isRecovering, short, standingOf, wellSince } from './words.ts';

type Field = FieldsPart['fields'][number];

/** At most eight facts: as many as a phone shows without scrolling. */
export const FIELDS_MAX = 8;
const CAUSE_MAX = 600;

export interface FieldsFrom {
  readonly evidence?: Evidence | undefined;
  readonly runbook?: string | undefined;
}

/** What the message says beside its headline, the most needed first. Pure. */
export function fieldsOf(incident: Incident, from: FieldsFrom, now: number): readonly Field[] {
  const found: (Field | undefined)[] = [
    { label: 'Status', value: { spans: statusSpans(incident, now) } },
    since(incident),
    ownership(incident),
    impact(incident),
    cause(incident),
    change(from.evidence),
    node(incident, from.evidence),
    place(incident),
    links(incident, from.runbook),
  ];
  return found.filter((field): field is Field => field !== undefined).slice(0, FIELDS_MAX);
}

function statusSpans(incident: Incident, now: number): Span[] {
  if (isRecovering(incident)) {
    const who: Span[] = incident.ack ? [', ', personOf(incident.ack), ' is on it'] : [];
    return ['Looks well since ', { at: wellSince(incident) }, ', over if it stays so', ...who];
  }
  switch (standingOf(incident, now)) {
    case 'resolved':
      return [...endSpans(incident.resolution, incident), ', after ', lasted(incident)];
    case 'silenced':
      return ['Failing, kept quiet by ', { code: incident.silencedBy ?? '' }];
    case 'snoozed':
      return ['Failing, snoozed by ', personOf(incident.snooze), ' until ', { at: incident.snooze?.until ?? now }];
    case 'acked':
      return ['Failing, ', personOf(incident.ack), ' is on it since ', { at: incident.ack?.at ?? now }];
    case 'firing':
      return [incident.partOf ? partWords(incident.partOf) : 'Failing, nobody is on it yet'];
  }
}

function partWords({ id, why }: NonNullable<Incident['partOf']>): string {
  return `Failing, ${PART_OF[why]}: see incident ${id}`;
}

const PART_OF = {
  storm: 'as one of many that share a cause',
  node: 'because its node is down',
  reboot: 'as expected while its node reboots',
} as const;

function personOf(what: { readonly by: { readonly user: string } } | undefined): Span {
  return what === undefined ? 'somebody' : { person: what.by.user };
}

function endSpans(resolution: Resolution | undefined, incident: Incident): Span[] {
  switch (resolution?.how) {
    case 'by-hand': {
      const why = resolution.why === undefined || resolution.why === '' ? '' : ` (${short(resolution.why, 200)})`;
      return ['Resolved by ', { person: resolution.by.user }, why];
    }
    case 'deleted':
      return ['Over: the object was deleted'];
    case 'while-away':
      return ['Over: it was well again when Shipmate looked'];
    case 'external':
      return [`Over, says ${incident.external?.source ?? 'the other system'}`];
    case 'stale':
      return [`Taken for over: ${incident.external?.source ?? 'the other system'} fell silent`];
    case 'drill-over':
      return ['The drill is over'];
    default:
      return ['Recovered'];
  }
}

/** For how long it lasted, `4m12s`. */
function lasted({ startedAt, resolvedAt }: Incident): string {
  return humanDuration(Math.max(0, (resolvedAt ?? startedAt) - startedAt));
}

function since({ startedAt }: Incident): Field {
  return { label: 'Since', value: { at: startedAt } };
}

function ownership({ escalations, labels }: Incident): Field | undefined {
  const last = escalations.at(-1);
  if (last) return { label: 'Asked', value: { spans: [...askedSpans(last.to), ', ', { at: last.at }] } };
  const owner = labels.owner ?? labels.team;
  return owner === undefined ? undefined : { label: 'Owner', value: short(owner, 100) };
}

/** Whom an escalation asked: ids of people and groups, separated by commas or blanks. */
export function askedSpans(to: string): Span[] {
  const ids = to.split(/[\s,]+/).filter((id) => id !== '');
  return ids.flatMap((id, index): Span[] => [
    ...(index === 0 ? [] : [', ']),
    id.startsWith('S') ? { group: id } : { person: id },
  ]);
}

function impact({ impact: counted, storm }: Incident): Field | undefined {
  if (storm) return { label: 'Impact', value: `${storm.open} of ${storm.count} still failing` };
  if (!counted) return undefined;
  const { available, desired } = counted;
  return { label: 'Impact', value: `${available} of ${desired} ${desired === 1 ? 'pod' : 'pods'} ready` };
}

function cause(incident: Incident): Field {
  const { signals, moreSignals } = incident;
  const head = headSignal(incident);
  const others = signals.length + moreSignals - (head ? 1 : 0);
  const more = others > 0 ? ` (+${others} more ${others === 1 ? 'finding' : 'findings'} in the thread)` : '';
  if (incident.storm) return { label: 'Cause', value: short(commonCause(incident), CAUSE_MAX) };
  return { label: 'Cause', value: `${short(causeWords(incident), CAUSE_MAX)}${more}` };
}

function change(evidence: Evidence | undefined): Field | undefined {
  const image = evidence?.images.find(({ before, now }) => before !== undefined && before !== now);
  const by = evidence?.change;
  const when: Span[] = by ? [`, by ${short(by.by, 60)}, `, { at: by.at }] : [];
  if (image) {
    const spans: Span[] = [{ code: image.before ?? '' }, ' → ', { code: image.now }, ...when];
    return { label: 'Change', value: { spans } };
  }
  const [first] = evidence?.template?.fields ?? [];
  if (first && evidence?.template) {
    const { fields, more, from, to } = evidence.template;
    const rest = fields.length - 1 + more;
    const text = `${first.path}: ${short(first.before, 80)} → ${short(first.after, 80)}`;
    const others = rest > 0 ? ` and ${rest} more` : '';
    return { label: 'Change', value: { spans: [`${text}${others} (revision ${from} → ${to})`, ...when] } };
  }
  if (!by) return undefined;
  // Its creator has written every field: a list of them says nothing.
  if (by.revision === 1 && by.fields.includes('spec.template')) {
    return { label: 'Last change', value: { spans: ['created', ...when] } };
  }
  const what = by.cause ?? (by.fields.length > 0 ? by.fields.join(', ') : 'something');
  return { label: 'Last change', value: { spans: [`${short(what, 120)}`, ...when] } };
}

function node(incident: Incident, evidence: Evidence | undefined): Field | undefined {
  const seen = evidence?.node;
  const name = seen?.name ?? headSignal(incident)?.shares.node;
  if (name === undefined || incident.root.kind === 'Node') return undefined;
  const troubles = [...(seen?.isCordoned ? ['cordoned'] : []), ...(seen?.troubles ?? [])];
  if (troubles.length > 0) return { label: 'Node', value: `${name}: ${short(troubles.join(', '), 200)}` };
  return { label: 'Node', value: seen ? `${name}, healthy` : name };
}

function place(incident: Incident): Field | undefined {
  const words = placeWords(incident);
  return words === undefined ? undefined : { label: 'Where', value: words };
}

function links({ external }: Incident, runbook: string | undefined): Field | undefined {
  const pieces: Span[] = [];
  if (external?.url !== undefined) pieces.push({ link: external.url, label: `Open in ${external.source}` });
  if (runbook !== undefined) pieces.push(...(pieces.length > 0 ? [' · '] : []), { link: runbook, label: 'Runbook' });
  if (pieces.length === 0 && external) return { label: 'Source', value: external.source };
  const value: FieldValue = { spans: pieces };
  return pieces.length === 0 ? undefined : { label: external ? 'Source' : 'Runbook', value };
}
