import type { Logger } from '../../log.ts';
import type { Answer, ReplyTarget } from '../chat.ts';
import { NotDelivered } from '../delivery.ts';
import type { Person } from '../invocation.ts';
import type { Message } from '../message.ts';
import { type Rendered, renderMessage } from '../render/message.ts';
import type { Files } from './files.ts';
import { conversationOf } from './find.ts';
import type { ResponseUrls } from './response-url.ts';
import type { Sender } from './sender.ts';
import type { Web } from './web.ts';

type Ephemeral = Extract<Answer, { kind: 'ephemeral' }>;

/**
 * Answers to the person who asked. Private ones try three ways, so that there is always an answer:
 * the gesture's response_url, then chat.postEphemeral, then a direct message.
 */
export class Answers {
  readonly #sender: Sender;
  readonly #web: Web;
  readonly #files: Files;
  readonly #urls: ResponseUrls;
  readonly #log: Logger;

  constructor(deps: { sender: Sender; web: Web; files: Files; urls: ResponseUrls; log: Logger }) {
    this.#sender = deps.sender;
    this.#web = deps.web;
    this.#files = deps.files;
    this.#urls = deps.urls;
    this.#log = deps.log;
  }

  /** @see Chat.answer */
  async answer(target: ReplyTarget, message: Message, isPublic: boolean): Promise<Answer> {
    const to: Ephemeral = { kind: 'ephemeral', ...pick(target) };
    if (target.surface === 'slash' && !isPublic) return this.#private(to, message, target.thread, false);
    try {
      const ref = await this.#sender.post({ channel: target.channel, thread: target.thread }, message);
      return { kind: 'message', ref };
    } catch (error) {
      if (!(error instanceof NotDelivered)) throw error;
      this.#log.info({ channel: target.channel, slackError: error.slackError }, 'Could not answer in the channel');
      if (
        isPublic &&
        (await this.#byUrl(to, renderMessage(message, { files: 'direct' }), { response_type: 'in_channel' }))
      ) {
        return to;
      }
      return this.#private(to, message, target.thread, false);
    }
  }

  /** @see Chat.replace */
  async replace(answer: Answer, message: Message): Promise<Answer> {
    if (answer.kind === 'message') {
      await this.#sender.update(answer.ref, message);
      return answer;
    }
    return this.#private(answer, message, undefined, true);
  }

  async #private(to: Ephemeral, message: Message, thread: string | undefined, isReplacing: boolean): Promise<Answer> {
    const rendered = renderMessage(message, { files: this.#web.lacks('files:write') ? 'not-granted' : 'direct' });
    const how = isReplacing ? { replace_original: true } : { response_type: 'ephemeral', replace_original: false };
    if ((await this.#byUrl(to, rendered, how)) || (await this.#byEphemeral(to, rendered, thread))) {
      this.#attach(to.person, rendered);
      return to;
    }
    // Slack takes a person's id as the address of their direct messages with us.
    const ref = await this.#sender.post({ channel: to.person.user }, message);
    return { kind: 'message', ref };
  }

  async #byUrl(to: Ephemeral, rendered: Rendered, how: Record<string, unknown>): Promise<boolean> {
    const { responseUrl, receivedAt } = to;
    if (responseUrl === undefined || !this.#urls.isUsable(responseUrl, receivedAt)) return false;
    try {
      await this.#sender.inForms(rendered, (form) =>
        this.#urls.send(responseUrl, receivedAt, {
          ...how,
          text: form.text,
          blocks: form.blocks,
          attachments: form.attachments,
        }),
      );
      return true;
    } catch (error) {
      this.#log.info({ channel: to.channel, err: error }, 'The response_url did not take an answer');
      return false;
    }
  }

  async #byEphemeral(to: Ephemeral, rendered: Rendered, thread: string | undefined): Promise<boolean> {
    if (to.channel === '') return false;
    try {
      await this.#sender.inForms(rendered, (form) =>
        this.#sender.inLane(to.channel, 'answer', 0, () =>
          this.#web.call('interactive', 'chat.postEphemeral', {
            channel: to.channel,
            user: to.person.user,
            ...(thread !== undefined && { thread_ts: thread }),
            text: form.text,
            blocks: form.blocks,
            attachments: form.attachments,
          }),
        ),
      );
      return true;
    } catch (error) {
      this.#log.info({ channel: to.channel, err: error }, 'An ephemeral answer was not taken');
      return false;
    }
  }

  /** A file cannot be ephemeral: what was answered privately is attached privately. */
  #attach(person: Person, rendered: Rendered): void {
    const { file } = rendered;
    if (file === undefined || this.#web.lacks('files:write')) return;
    void conversationOf(this.#web, person.user)
      .then((channel) => this.#files.upload({ channel }, file))
      .catch((error: unknown) => this.#log.warn({ err: error }, 'A file could not be sent directly'));
  }
}

function pick(target: ReplyTarget): Omit<Ephemeral, 'kind'> {
  const { responseUrl, channel, person, receivedAt } = target;
  return { responseUrl, channel, person, receivedAt };
}
