import { App, type Receiver, type ReceiverEvent } from '@slack/bolt';
import type { BoltLogger } from '../bolt-logger.ts';
import type { Intake } from './intake.ts';
import type { ActionsPayload, EventPayload, SlashPayload, SubmissionPayload } from './payloads.ts';

export interface IntakeAppOptions {
  readonly intake: Intake;
  readonly receiver: Receiver;
  readonly logger: BoltLogger;
  readonly botToken: string;
  readonly botUser: string;
  readonly botId: string;
  readonly slackApiUrl: string;
}

/**
 * Bolt's App with two changes. Events are made durable before Bolt acknowledges them (Bolt acknowledges first, so a crash there loses
 * one), and deliveries in flight are counted, so that stopping can wait for them. One router per kind; nothing is left unacknowledged.
 */
export class IntakeApp extends App {
  readonly #intake: Intake;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(options: IntakeAppOptions) {
    super({
      token: options.botToken,
      botId: options.botId,
      botUserId: options.botUser,
      receiver: options.receiver,
      logger: options.logger,
      // The identity was checked with auth.test already; Bolt's own check would cache a failure for ever.
      tokenVerificationEnabled: false,
      deferInitialization: true,
      extendedErrorHandler: true,
      convoStore: false,
      clientOptions: { slackApiUrl: options.slackApiUrl, allowAbsoluteUrls: false },
    });
    this.#intake = options.intake;
    this.error(async (failure) => {
      options.logger.error((failure as unknown as { error: Error }).error);
    });
    this.#route();
  }

  override processEvent(event: ReceiverEvent): Promise<void> {
    const work = this.#process(event);
    this.#inFlight.add(work);
    const done = (): void => {
      this.#inFlight.delete(work);
    };
    work.then(done, done);
    return work;
  }

  /** Resolves in a moment in which nothing is in flight. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }

  async #process(event: ReceiverEvent): Promise<void> {
    const body = event.body as EventPayload;
    if (body.event !== undefined) await this.#intake.event(body, (event.retryNum ?? 0) > 0);
    await super.processEvent(event);
  }

  #route(): void {
    const anything = /^/;
    this.command(anything, async ({ body, ack }) => {
      const answer = await this.#intake.command(body as unknown as SlashPayload);
      await ack(answer as never);
    });
    this.action({ action_id: anything }, async ({ body, ack }) => {
      await this.#intake.action(body as unknown as ActionsPayload);
      await ack();
    });
    this.view({ callback_id: anything, type: 'view_submission' }, async ({ body, ack }) => {
      const answer = await this.#intake.submission(body as unknown as SubmissionPayload);
      await ack(answer as never);
    });
    this.view({ callback_id: anything, type: 'view_closed' }, async ({ ack }) => ack());
    this.shortcut({ callback_id: anything }, async ({ ack }) => ack());
    this.options({ action_id: anything }, async ({ ack }) => ack({ options: [] }));
  }
}
