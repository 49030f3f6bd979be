import type { Message, Part, Span } from '../../chat/message.ts';
import type { Incident, LogLine } from '../incident.ts';
import { askedSpans } from './fields.ts';
import { memberPages } from './members.ts';
import { colourOf, escalationOf, lineWords, standingOf, subjectWords } from './words.ts';

/** A line of the incident's log as a reply in its thread. The one place where people are called: edits notify nobody. Pure. */
export function noteMessage(incident: Incident, line: LogLine, now: number): Message {
  return {
    title: `${incident.kind === 'drill' ? 'DRILL: ' : ''}${lineWords(incident, line)}`,
    ...(line.isLoud === true && { colour: colourOf(standingOf(incident, now)), notice: loudNotice(incident, line) }),
    parts: spansOf(incident, line).map((spans): Part => ({ kind: 'text', spans })),
    metadata: { incident: `${incident.id}.${line.n}`, generation: line.n },
  };
}

function spansOf(incident: Incident, line: LogLine): readonly (readonly Span[])[] {
  const by: Span[] = line.by ? ['by ', { person: line.by.user }] : [];
  const asked = escalationOf(incident, line);
  if (asked) return [[...askedSpans(asked.to), ': please look at this. The buttons are above.'], by];
  // A line that stands in the channel, too, must be understood there.
  const about: Span[] =
    line.isLoud === true ? [`${subjectWords(incident)} on ${incident.cluster || 'several clusters'}`] : [];
  return [about, by].filter((spans) => spans.length > 0);
}

function loudNotice(incident: Incident, line: LogLine): string {
  const severity = `${incident.kind === 'drill' ? 'DRILL · ' : ''}${incident.severity.toUpperCase()}`;
  return [severity, incident.cluster, subjectWords(incident), lineWords(incident, line)]
    .filter((piece) => piece !== '')
    .join(' · ');
}

/** One page of a storm's members. @returns undefined when there is no such page (any more). */
export function membersMessage(incident: Incident, page: number): Message | undefined {
  const pages = incident.storm ? memberPages(incident.storm) : [];
  const texts = pages[page - 1];
  if (!texts || !incident.storm) return undefined;
  const of = pages.length === 1 ? '' : ` (${page} of ${pages.length})`;
  return {
    title: `All ${incident.storm.count} of them${of}`,
    parts: texts.map((text): Part => ({ kind: 'text', spans: [text] })),
    metadata: { incident: `${incident.id}.members-${page}`, generation: incident.generation },
  };
}
