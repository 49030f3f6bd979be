import type { Message, Part, Span } from '../../chat/message.ts';
import { timeOfDay } from '../../time.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Incident } from '../incident.ts';
import { buttonsOf } from './buttons.ts';
import { fieldsOf } from './fields.ts';
import { headline, notice } from './headline.ts';
import { logParts } from './log-lines.ts';
import { membersOnCard } from './members.ts';
import { colourOf, lineBelowCause, short, standingOf } from './words.ts';

export interface CardFrom {
  /** What was gathered when it began. */
  readonly evidence?: Evidence | undefined;
  /** A link. */
  readonly runbook?: string | undefined;
}

const EXTERNAL_TEXT = 1_200;

/**
 * The living message of an incident, as it stands now. Pure. Times are shown by Slack in each reader's own zone, and their age stays true
 * without an edit.
 */
export function incidentCard(incident: Incident, from: CardFrom, now: number): Message {
  return {
    title: headline(incident, now),
    notice: notice(incident, now),
    colour: colourOf(standingOf(incident, now)),
    parts: [
      ...drill(incident),
      { kind: 'fields', fields: fieldsOf(incident, from, now) },
      ...told(incident),
      ...(incident.storm ? [] : logParts(from.evidence)),
    ],
    buttons: buttonsOf(incident, now, from.evidence),
    footer: footer(incident),
    metadata: { incident: incident.id, generation: incident.generation },
  };
}

function drill({ kind }: Incident): Part[] {
  if (kind !== 'drill') return [];
  return [{ kind: 'text', spans: [{ bold: 'DRILL' }, ': somebody tries the alerts out. Nothing real is wrong.'] }];
}

/** The members of a storm; the text of an alert from elsewhere. */
function told({ storm, external, cause }: Incident): Part[] {
  if (storm) {
    const [first] = Object.entries(storm.members).map(([namespace, [name = '']]) => [
      namespace,
      name.split('/').at(-1),
    ]);
    const one = first?.[0] === '' ? first[1] : first?.join('/');
    const each: Span[] = one === undefined ? [] : ['\nEach by itself: ', { code: `/alerts show ${one}` }];
    return [{ kind: 'text', spans: [membersOnCard(storm), ...each] }];
  }
  const text = external?.text.trim() ?? '';
  return text === '' || text === cause ? [] : [{ kind: 'text', spans: [short(text, EXTERNAL_TEXT)] }];
}

/** The small print: its id, to type, and what was done last. */
function footer(incident: Incident): string {
  const last = incident.log.at(-1);
  if (last === undefined) return incident.id;
  return `${incident.id} · ${timeOfDay(last.at)} ${short(lineBelowCause(incident, last), 200)}`;
}
