import { type OutboxRow, outboxChange } from '../../state/outbox.ts';
import type { Change } from '../../state/store.ts';
import type { Incident, LogLine } from '../incident.ts';
import { MINUTE } from '../rule.ts';

/** The courier's kinds: the living message, and the lines under it (`<incident id>.<n>`). */
export const INCIDENT = 'incident';
export const INCIDENT_NOTE = 'incident-note';

/** More lines than that in a minute stay in the record only; loud ones and people's are always told. */
const NOTES_A_MINUTE = 5;

/**
 * What has to be said because of a step: the living message whenever it would look different, and each new line of the log under it. The
 * first line is the message itself; what is part of another incident keeps its lines to itself. Pure.
 */
export function incidentWords(before: Incident | undefined, after: Incident): readonly Change[] {
  const { channel } = after;
  if (channel === undefined) return [];
  if (before !== undefined && before.channel === channel && looksTheSame(before, after)) return [];
  const row = { generation: after.generation, channel, since: after.openedAt };
  return [
    outboxChange({ ...row, subjectKind: INCIDENT, subjectId: after.id }),
    ...notesOf(before, after).map((line) =>
      outboxChange({
        ...row,
        subjectKind: INCIDENT_NOTE,
        subjectId: `${after.id}.${line.n}`,
        generation: 1,
        since: line.at,
      } satisfies OutboxRow),
    ),
  ];
}

/** The new lines that are told in the thread. While it is silenced only what people do: a loud line would stand in the channel. */
function notesOf(before: Incident | undefined, after: Incident): readonly LogLine[] {
  if (after.partOf !== undefined) return [];
  const told = Math.max(1, before?.log.at(-1)?.n ?? 1);
  // A message that is new itself says how it is: nobody is told a rise that it begins with.
  const isFirstTold = before?.channel === undefined;
  if (isFirstTold || (after.silencedBy !== undefined && before?.silencedBy === after.silencedBy))
    return after.log.filter((line) => line.n > told && line.by !== undefined);
  return after.log.filter((line) => line.n > told && (mustBeTold(line) || !isFlood(line, after.log)));
}

const mustBeTold = (line: LogLine): boolean => line.isLoud === true || line.by !== undefined;

function isFlood(line: LogLine, log: readonly LogLine[]): boolean {
  return log.filter(({ n, at }) => n < line.n && at > line.at - MINUTE).length >= NOTES_A_MINUTE;
}

/** Whether people would see no difference: only notes to ourselves changed. */
export function looksTheSame(before: Incident, after: Incident): boolean {
  return JSON.stringify(visible(before)) === JSON.stringify(visible(after));
}

function visible(incident: Incident): object {
  const { external } = incident;
  return {
    ...incident,
    generation: 0,
    notifiedAt: undefined,
    external: external && { ...external, lastSeenAt: 0, staleAt: undefined },
    alerts: undefined,
  };
}
