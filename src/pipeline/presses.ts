import type { Audit } from '../access/audit/audit.ts';
import type { Chat } from '../chat/chat.ts';
import type { ButtonPress, Person } from '../chat/invocation.ts';
import type { Modal } from '../chat/message.ts';
import { ApprovalError, asShipmateError, UsageError } from '../errors.ts';
import type { Shelf } from '../jobs/queues.ts';
import { errorMessage } from './answers.ts';
import { isOwn } from './approval.ts';
import { mustBeApprover, mustBeReviewer } from './approval-check.ts';
import { sign } from './break-glass.ts';
import { cancel } from './change.ts';
import { confirmed, type DecideDeps, decideChange } from './decide-change.ts';
import { denyDialog, typedDialog } from './dialogs.ts';
import { type Met, sayTo } from './door.ts';
import { type FrozenResult, PAGE_TTL_MS, turnPage } from './pages.ts';
import { castVote, subjectOf } from './votes.ts';

export interface PressDeps extends DecideDeps {
  readonly chat: Chat;
  readonly shelf: Shelf;
  readonly audit: Pick<Audit, 'refused'>;
  /** Buttons of other domains, by action. */
  readonly others?: Readonly<Record<string, (press: ButtonPress) => Promise<void>>>;
  /** Called when somebody did something with a button on their App Home, so that it shows what came of it. */
  homeChanged(person: Person): Promise<void>;
  /** Who clicks, and where. */
  meet(press: ButtonPress): Promise<Met>;
  authorisePage(press: ButtonPress, result: FrozenResult): Promise<void>;
}

/**
 * What a button does. The value is opaque and old buttons stay clickable, so everything is looked up anew: the right of the one who
 * clicks, the state of the thing, the clock. Refusals are told to the clicker alone.
 */
export async function handlePress(press: ButtonPress, deps: PressDeps): Promise<void> {
  const met = await deps.meet(press);
  try {
    if (met.refusal) throw met.refusal;
    const handler = HANDLERS[press.action] ?? deps.others?.[press.action];
    if (!handler) throw new UsageError('This button is no longer known.', { hint: 'Run the command again.' });
    await handler(press, deps);
    if (CHANGES_HOME.has(press.action)) await deps.homeChanged(press.person).catch(() => undefined);
  } catch (thrown) {
    if (asShipmateError(thrown).retryable && thrown !== met.refusal) throw thrown;
    tellRefusal(press, thrown, deps);
    await sayTo(deps.chat, { ...press, surface: 'slash' }, errorMessage(thrown, press.id), met.isShared);
  }
}

function tellRefusal(press: ButtonPress, thrown: unknown, deps: PressDeps): void {
  const { code, message } = asShipmateError(thrown);
  if (code !== 'E_FORBIDDEN' && code !== 'E_APPROVAL') return;
  deps.audit.refused({
    at: deps.clock(),
    invocation: subjectOf(press),
    who: press.person,
    typed: `[${press.action}]`,
    where: { channel: press.channel },
    result: code,
    said: message,
  });
}

const CHANGES_HOME = new Set(['approve', 'sign', 'cancel']);

type Handler = (press: ButtonPress, deps: PressDeps) => Promise<void>;

const HANDLERS: Record<string, Handler> = {
  confirm: confirmOrAsk,
  cancel: (press, deps) => decideChange(subjectOf(press), press, deps, cancel),
  approve: (press, deps) => castVote(subjectOf(press), press.person, 'approve', undefined, deps),
  deny,
  sign: signReview,
  next: page,
  prev: page,
  wide: page,
  narrow: page,
};

/** A plan that destroys is confirmed by typing what it destroys; everything else by the press itself. */
async function confirmOrAsk(press: ButtonPress, deps: PressDeps): Promise<void> {
  const record = (await deps.changes.get(subjectOf(press)))?.value;
  const isOpen = record?.state === 'awaiting' && record.person.user === press.person.user;
  if (!record || !isOpen || !deps.access.gate(record.plan).typed)
    return await decideChange(subjectOf(press), press, deps, confirmed);
  await deps.authoriseChange(press, record);
  await openDialog(press, typedDialog(record), deps);
}

async function deny(press: ButtonPress, deps: PressDeps): Promise<void> {
  const id = subjectOf(press);
  const record = (await deps.changes.get(id))?.value;
  if (record?.state !== 'approving' || isOwn(record, press.person))
    return await castVote(id, press.person, 'deny', undefined, deps);
  await mustBeApprover(record, press.person, deps.access);
  await openDialog(press, denyDialog(record), deps);
}

async function openDialog(press: ButtonPress, modal: Modal, deps: PressDeps): Promise<void> {
  try {
    await deps.chat.openModal(press.triggerId ?? '', modal);
  } catch (error) {
    // Slack gives us three seconds. Trying this press again cannot help; another press can.
    throw new ApprovalError('The dialog did not open in time; nothing was decided.', {
      hint: 'Press the button again.',
      cause: error,
    });
  }
}

/** Whoever may decide about this change, or keeps Shipmate, may sign for the look at a broken glass. */
async function signReview(press: ButtonPress, deps: PressDeps): Promise<void> {
  const id = subjectOf(press);
  const found = (await deps.changes.get(id))?.value;
  if (found && !isOwn(found, press.person)) await mustBeReviewer(found, press.person, deps.access);
  const signed = await deps.changes.apply(id, (record) => sign(record, press.person, deps.clock()));
  if (!signed) throw new ApprovalError('This change is no longer known.', { hint: 'The audit log still has it.' });
}

/** Turns a page of a frozen result: value `<page id>.<page>.<n|w>`. */
async function page(press: ButtonPress, deps: PressDeps): Promise<void> {
  const [id, at, width] = press.value.split('.');
  const frozen = await deps.shelf.get<FrozenResult>(`page.${id}`);
  if (!frozen) {
    throw new UsageError('This result is no longer kept (15 minutes).', { hint: 'Run the command again.' });
  }
  await deps.authorisePage(press, frozen);
  const message = turnPage(frozen.message, press.action, Number(at) || 0, width === 'w');
  await deps.shelf.put(`page.${id}`, { ...frozen, message }, PAGE_TTL_MS);
  if (press.ephemeral || !press.message) {
    await deps.chat.replace(
      {
        kind: 'ephemeral',
        responseUrl: press.responseUrl,
        channel: press.channel,
        person: press.person,
        receivedAt: press.receivedAt,
      },
      message,
    );
  } else {
    await deps.chat.update(press.message, message);
  }
}
