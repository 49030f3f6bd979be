import type { Message } from '../chat/message.ts';
import type { Store } from '../state/store.ts';
import { AUDIT_LINE, auditLine } from './audited.ts';
import { reviewCard } from './break-glass.ts';
import { changeCard, type Progress } from './card.ts';
import type { ChangeRecord } from './change.ts';
import { APPROVAL_CARD, type Changes, REVIEW_CARD } from './changes.ts';
import { cardOf, type Renderers, type Rendering } from './courier.ts';
import { ENDING, renderEnding } from './ending.ts';
import { renderSummons, SECOND_SUMMONS, SUMMONS } from './summons.ts';

export interface RenderingDeps {
  readonly changes: Pick<Changes, 'get'>;
  readonly store: Store;
  readonly auditChannel: string | undefined;
  /** How far a change is that runs in this process. */
  progressOf(id: string): Progress | undefined;
}

/** Every message that a change has in Slack, by its kind; each is rendered from the record as it is at that moment. */
export function renderersOf({ changes, store, auditChannel, progressOf }: RenderingDeps): Renderers {
  const record = async (id: string): Promise<ChangeRecord | undefined> => (await changes.get(id))?.value;
  const summons = (kind: typeof SUMMONS | typeof SECOND_SUMMONS) => async (id: string) => {
    const found = await record(id);
    const place = found?.approval?.channel === undefined ? 'change' : APPROVAL_CARD;
    return renderSummons(kind, found, await cardOf(store, place, id));
  };
  return {
    change: async (id) => renderChange(await record(id), progressOf(id)),
    [APPROVAL_CARD]: async (id) => renderApproval(await record(id), progressOf(id)),
    [REVIEW_CARD]: async (id) => renderReview(await record(id)),
    [SUMMONS]: summons(SUMMONS),
    [SECOND_SUMMONS]: summons(SECOND_SUMMONS),
    [ENDING]: async (id) => renderEnding(await record(id), await cardOf(store, 'change', id)),
    [AUDIT_LINE]: async (id) => auditLine(await record(id), auditChannel),
  };
}

function renderChange(record: ChangeRecord | undefined, progress: Progress | undefined): Rendering | undefined {
  if (!record) return undefined;
  return {
    generation: record.generation,
    message: changeCard(record, progress),
    channel: record.origin.channel,
    thread: record.origin.thread,
    fallbackUser: record.person.user,
    since: record.createdAt,
    metadata: { invocation: record.id },
  };
}

/** The second card, in the channel for approvals; never taken for the first when a crash makes us look for it. */
function renderApproval(record: ChangeRecord | undefined, progress: Progress | undefined): Rendering | undefined {
  const channel = record?.approval?.channel;
  const rendering = renderChange(record, progress);
  if (!record || !rendering || channel === undefined) return undefined;
  const invocation = `${record.id}.approval`;
  return {
    ...rendering,
    message: approvalCard(record, progress),
    channel,
    thread: undefined,
    metadata: { invocation },
  };
}

function renderReview(record: ChangeRecord | undefined): Rendering | undefined {
  const message = record && reviewCard(record);
  const rendering = renderChange(record, undefined);
  if (!record?.review || !message || !rendering) return undefined;
  const metadata = { invocation: `${record.id}.review` };
  return { ...rendering, message, channel: record.review.channel, thread: undefined, metadata };
}

export function approvalCard(record: ChangeRecord, progress: Progress | undefined): Message {
  const metadata = { invocation: `${record.id}.approval`, generation: record.generation };
  return { ...changeCard(record, progress), metadata };
}
