import { asShipmateError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Clock } from '../../time.ts';
import type { ReplyTarget } from '../chat.ts';
import type { Inbox, ModalAnswer } from '../invocation.ts';
import type { ChatMetrics } from '../metrics.ts';
import type { ActionsPayload, EventPayload, SlashPayload, SubmissionPayload } from './payloads.ts';
import { readCommand, readHomeOpener, readMessage, readPress, readSubmission } from './read.ts';

/** Slack's limit for an acknowledgement is 3 s; beyond this we say "not confirmed" instead of letting Slack say "did not respond". */
const CONFIRM_WITHIN_MS = 2_000;

export interface IntakeDeps {
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ChatMetrics;
  readonly botUser: string;
  /** Tells a person something outside an acknowledgement; must not throw. */
  tell(target: ReplyTarget, text: string): Promise<void>;
}

/** What to say to Slack in the acknowledgement. */
export type Ack = undefined | { text: string; response_type: 'ephemeral' } | SubmissionAck;
export type SubmissionAck =
  | { response_action: 'errors'; errors: Record<string, string> }
  | { response_action: 'update'; view: unknown };

/**
 * The acknowledgement rule: first the work is made durable (`inbox`), then Slack hears "yes". When that could not be confirmed in time
 * the person is told exactly that: the work may still run, because a write that timed out may have landed.
 */
export class Intake {
  readonly #deps: IntakeDeps;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  async command(payload: SlashPayload): Promise<Ack> {
    const invocation = readCommand(payload, this.#deps.clock());
    const failure = await this.#confirm('command', invocation.id, this.#deps.inbox.invoked(invocation));
    return failure === undefined ? undefined : { response_type: 'ephemeral', text: notConfirmed(invocation.id) };
  }

  async action(payload: ActionsPayload): Promise<Ack> {
    const press = readPress(payload, this.#deps.clock());
    if (press === undefined || isLink(payload)) return undefined;
    const failure = await this.#confirm('action', press.id, this.#deps.inbox.pressed(press));
    if (failure !== undefined && press.channel !== '') {
      void this.#deps.tell({ ...press, surface: 'slash' }, notConfirmed(press.id));
    }
    return undefined;
  }

  async submission(payload: SubmissionPayload): Promise<Ack> {
    const submission = readSubmission(payload, this.#deps.clock());
    const answers: ModalAnswer[] = [];
    const submitted = this.#deps.inbox.submitted(submission).then((given) => {
      answers.push(given);
    });
    const failure = await this.#confirm('view', submission.id, submitted);
    if (failure !== undefined) return modalNotConfirmed(payload, submission.id);
    const answer = answers[0];
    return answer && 'errors' in answer ? { response_action: 'errors', errors: { ...answer.errors } } : undefined;
  }

  /**
   * Events are persisted before Bolt acknowledges them.
   * @throws what the inbox threw: then Slack is not acknowledged and delivers again, and the same id makes it the same invocation.
   */
  async event(payload: EventPayload, isRedelivery: boolean): Promise<void> {
    if (payload.event?.type === 'subteam_members_changed' || payload.event?.type === 'subteam_updated') {
      this.#deps.inbox.groupsChanged?.();
      return;
    }
    const opener = readHomeOpener(payload);
    if (opener !== undefined) {
      await this.#confirm('event', opener.user, this.#deps.inbox.homeOpened(opener));
      return;
    }
    const invocation = readMessage(payload, this.#deps.botUser, this.#deps.clock());
    if (invocation === undefined) return;
    const failure = await this.#confirm('event', invocation.id, this.#deps.inbox.invoked(invocation));
    if (failure === undefined) return;
    if (!isRedelivery) void this.#deps.tell(invocation, notConfirmed(invocation.id));
    throw failure;
  }

  async #confirm(
    kind: 'command' | 'action' | 'view' | 'event',
    id: string,
    work: Promise<void>,
  ): Promise<Error | undefined> {
    const { clock, log, metrics } = this.#deps;
    const startedAt = clock();
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`not confirmed within ${CONFIRM_WITHIN_MS} ms`)), CONFIRM_WITHIN_MS);
    });
    try {
      await Promise.race([work, tooLate]);
      metrics.ack?.((clock() - startedAt) / 1_000);
      return undefined;
    } catch (error) {
      metrics.ack?.((clock() - startedAt) / 1_000);
      const known = asShipmateError(error);
      log.error({ kind, id, code: known.code, err: error }, 'A gesture could not be confirmed');
      // The loser of the race must not become an unhandled rejection.
      work.catch(() => undefined);
      return known;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The sentence for "we do not know". Plain on purpose: Redis may be all that is broken, or all of us. */
export function notConfirmed(id: string): string {
  return (
    `Unknown ⚠️ The queue (Redis) did not confirm in time that it took this. It may still run; its id is ${id}. ` +
    'Reading again is safe; before you repeat a change, look with `/shipmate status`.'
  );
}

/** Buttons that only open a link send an action too. */
function isLink(payload: ActionsPayload): boolean {
  const action = payload.actions?.[0] as { url?: unknown; value?: unknown } | undefined;
  return action?.url !== undefined && action.value === undefined;
}

function modalNotConfirmed(payload: SubmissionPayload, id: string): SubmissionAck {
  const field = payload.view.blocks?.find((block) => block.type === 'input')?.block_id;
  if (field !== undefined) return { response_action: 'errors', errors: { [field]: notConfirmed(id) } };
  const text = { type: 'plain_text', text: notConfirmed(id) };
  const view = {
    type: 'modal',
    title: { type: 'plain_text', text: 'Not confirmed' },
    blocks: [{ type: 'section', text }],
  };
  return { response_action: 'update', view };
}
