import type { Message, Part, Span } from '../../chat/message.ts';
import type { Incident, LogLine } from '../incident.ts';
import { askedSpans } from './fields.ts';
import { causeWords } from './headline.ts';
import { memberPages } from './members.ts';
import { colourOf, escalationOf, lineWords, short, standingOf, subjectWords, whatWords } from './words.ts';

/** A line of the incident's log as a reply in its thread. The one place where people are called: edits notify nobody. Pure. */
export function noteMessage(incident: Incident, line: LogLine, now: number): Message {
  return {
    title: `${incident.kind === 'drill' ? 'DRILL: ' : ''}${titleOf(incident, line)}`,
    ...(line.isLoud === true && { colour: colourOf(standingOf(incident, now)), notice: loudNotice(incident, line) }),
    parts: spansOf(incident, line).map((spans): Part => ({ kind: 'text', spans })),
    metadata: { incident: `${incident.id}.${line.n}`, generation: line.n },
  };
}

function spansOf(incident: Incident, line: LogLine): readonly (readonly Span[])[] {
  const by: Span[] = line.by ? ['by ', { person: line.by.user }] : [];
  const asked = escalationOf(incident, line);
  if (asked) {
    const what = short(`${subjectWords(incident)}: ${causeWords(incident)}`, 500);
    return [
      [...askedSpans(asked.to), `: please look at this: ${what}. The buttons are at the top of this thread.`],
      by,
    ];
  }
  if (isSnoozeOver(line) && line.by) return [[{ person: line.by.user }, ': you snoozed it.']];
  const until = snoozedUntil(line);
  if (until !== undefined) return [['Until ', { at: until }, ', or until it gets worse.'], by];
  // A line that stands in the channel, too, must be understood there.
  const about: Span[] = isForChannel(incident, line)
    ? [`${subjectWords(incident) || whatWords(incident)} on ${incident.cluster || 'several clusters'}`]
    : [];
  return [about, by].filter((spans) => spans.length > 0);
}

/** Whether a line stands in the channel, too. Not where it calls somebody by name: they hear of it in the thread, the others need not. */
export function isForChannel(incident: Incident, line: LogLine): boolean {
  if (line.isLoud !== true || escalationOf(incident, line) || (isSnoozeOver(line) && line.by)) return false;
  // Worse by now: the channel hears of the last rise only.
  return !isRise(line) || !incident.log.some((later) => later.n > line.n && isRise(later));
}

function isRise({ text, isLoud }: LogLine): boolean {
  return isLoud === true && text.startsWith('Now ');
}

function titleOf(incident: Incident, line: LogLine): string {
  return snoozedUntil(line) === undefined ? lineWords(incident, line) : 'Snoozed.';
}

/** Slack shows it on the reader's clock. */
function snoozedUntil({ text }: LogLine): number | undefined {
  const [, day, time] = /^Snoozed until (\S+) (\d\d:\d\dZ), /.exec(text) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${time}`);
}

function isSnoozeOver({ text }: LogLine): boolean {
  return text.startsWith('The snooze is over');
}

function loudNotice(incident: Incident, line: LogLine): string {
  const severity = `${incident.kind === 'drill' ? 'DRILL · ' : ''}${incident.severity.toUpperCase()}`;
  const said = escalationOf(incident, line) ? `Escalated: ${causeWords(incident)}` : lineWords(incident, line);
  return [severity, incident.cluster, subjectWords(incident), short(said, 300)]
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
