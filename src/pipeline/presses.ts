import type { Audit } from '../access/audit/audit.ts';
import type { Chat } from '../chat/chat.ts';
import type { ButtonPress } from '../chat/invocation.ts';
import { ApprovalError, asShipmateError, UsageError } from '../errors.ts';
import type { Shelf } from '../jobs/queues.ts';
import type { Clock } from '../time.ts';
import { errorMessage } from './answers.ts';
import { type ChangeRecord, cancel, confirm, expire, isSame } from './change.ts';
import type { Changes } from './changes.ts';
import { type Met, sayTo } from './door.ts';
import { type FrozenResult, PAGE_TTL_MS, turnPage } from './pages.ts';

export interface PressDeps {
  readonly chat: Chat;
  readonly changes: Changes;
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'refused'>;
  /** Who clicks, and where. */
  meet(press: ButtonPress): Promise<Met>;
  /** The clicker's right to use the command that the button belongs to. @throws PermissionError */
  authoriseChange(press: ButtonPress, record: ChangeRecord): Promise<void>;
  authorisePage(press: ButtonPress, result: FrozenResult): Promise<void>;
  /** Queues the confirmed change; best effort, the sweeper repairs. */
  enqueue(record: ChangeRecord): Promise<void>;
}

/**
 * What a button does. The value is opaque and old buttons stay clickable, so everything is looked up anew: the right of the one who
 * clicks, the state of the thing, the clock. Refusals are told to the clicker alone.
 */
export async function handlePress(press: ButtonPress, deps: PressDeps): Promise<void> {
  const met = await deps.meet(press);
  try {
    if (met.refusal) throw met.refusal;
    const handler = HANDLERS[press.action];
    if (!handler) throw new UsageError('This button is no longer known.', { hint: 'Run the command again.' });
    await handler(press, deps);
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

type Handler = (press: ButtonPress, deps: PressDeps) => Promise<void>;

const HANDLERS: Record<string, Handler> = {
  confirm: (press, deps) => decide(press, deps, confirm),
  cancel: (press, deps) => decide(press, deps, cancel),
  next: page,
  prev: page,
  wide: page,
  narrow: page,
};

async function decide(press: ButtonPress, deps: PressDeps, transition: typeof confirm): Promise<void> {
  const id = subjectOf(press);
  const found = await deps.changes.get(id);
  if (!found)
    throw new ApprovalError('This change is no longer known; nothing was done.', { hint: 'Run the command again.' });
  await deps.authoriseChange(press, found.value);
  if (await expireNow(id, deps))
    throw new ApprovalError('This expired before it was confirmed; nothing was changed.', {
      hint: 'Run the command again.',
    });
  try {
    const record = await deps.changes.apply(id, (current) => transition(current, press.person, deps.clock()));
    if (record?.state === 'queued') await deps.enqueue(record);
  } catch (thrown) {
    // A double click, or the same press delivered twice: the message already shows what came of the first one.
    if (thrown instanceof ApprovalError && (await wasDecidedBy(id, press, deps))) return;
    throw thrown;
  }
}

async function expireNow(id: string, deps: PressDeps): Promise<boolean> {
  return (await deps.changes.apply(id, (record) => expire(record, deps.clock()))) !== undefined;
}

async function wasDecidedBy(id: string, press: ButtonPress, deps: PressDeps): Promise<boolean> {
  const record = (await deps.changes.get(id))?.value;
  if (record?.decided === undefined || !isSame(record.decided.by, press.person)) return false;
  return (record.state === 'cancelled') === (press.action === 'cancel');
}

function subjectOf(press: ButtonPress): string {
  return press.value.split('.')[0] as string;
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
