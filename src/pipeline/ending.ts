import type { MessageRef } from '../chat/invocation.ts';
import { UnavailableError } from '../errors.ts';
import { outboxChange } from '../state/outbox.ts';
import type { Change } from '../state/store.ts';
import { humanDuration } from '../time.ts';
import type { ChangeRecord } from './change.ts';
import type { Rendering } from './courier.ts';

/** The outbox kind of the reply that tells a person, who has looked away, how their change ended. */
export const ENDING = 'ending';
/** Somebody who confirmed so long ago has put the phone down. */
const LOOKED_AWAY_MS = 20_000;

/** Slack notifies nobody of an edit, so a change that took long also ends with a reply in its thread. Pure. */
export function deservesReply(record: ChangeRecord): boolean {
  return (
    record.outcome !== undefined &&
    record.decided !== undefined &&
    record.outcome.at - record.decided.at >= LOOKED_AWAY_MS
  );
}

/** The outbox row, written in the transaction that ended the change. */
export function endingWrites(record: ChangeRecord): readonly Change[] {
  if (!deservesReply(record)) return [];
  return [
    outboxChange({
      subjectKind: ENDING,
      subjectId: record.id,
      generation: record.generation,
      channel: record.origin.channel,
      since: record.outcome?.at ?? record.createdAt,
    }),
  ];
}

/**
 * @param card where the change's own message is.
 * @throws UnavailableError while that is not known yet; the row waits.
 */
export function renderEnding(record: ChangeRecord | undefined, card: MessageRef | undefined): Rendering | undefined {
  if (!record?.outcome || !record.decided) return undefined;
  if (!card) throw new UnavailableError('The message to reply to is not in Slack yet.');
  const { outcome, decided } = record;
  return {
    generation: record.generation,
    message: {
      status: outcome.status,
      title: outcome.title,
      parts: [
        {
          kind: 'text',
          spans: [{ person: record.person.user }, ` this took ${humanDuration(outcome.at - decided.at)}.`],
        },
      ],
      metadata: { request: `${ENDING}-${record.id}`, generation: record.generation },
    },
    channel: card.channel,
    thread: record.origin.thread ?? card.ts,
    fallbackUser: record.person.user,
    since: outcome.at,
    metadata: { request: `${ENDING}-${record.id}` },
  };
}
