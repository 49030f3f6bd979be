import type { Logger } from '../../log.ts';
import { type Clock, delay } from '../../time.ts';
import { Ambiguous, NotDelivered } from '../delivery.ts';
import type { MessageRef } from '../invocation.ts';
import type { Message, Metadata } from '../message.ts';
import type { ChatMetrics } from '../metrics.ts';
import { type FilePlace, type Rendered, renderMessage } from '../render/message.ts';
import { Edits } from './edits.ts';
import type { Files } from './files.ts';
import { findMessage, type Where } from './find.ts';
import { ChannelLane, type Pace, type Priority } from './lane.ts';
import type { Web } from './web.ts';

export interface To {
  readonly channel: string;
  readonly thread?: string | undefined;
  /** Said in the channel, too. */
  readonly isBroadcast?: boolean | undefined;
}

export interface SenderDeps {
  readonly web: Web;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ChatMetrics;
  readonly pace: Pace;
}

const REFUSED_FORM = new Set([
  'invalid_blocks',
  'msg_blocks_too_long',
  'invalid_blocks_format',
  'msg_too_long',
  'invalid_attachments',
  'too_many_attachments',
]);
const OUTSIDE = new Set(['not_in_channel', 'channel_not_found']);
const EDIT_ATTEMPTS = 5;

/** Posts and edits messages: once, paced per channel, in the plain form when Slack refuses the rich one. */
export class Sender {
  readonly #deps: SenderDeps;
  readonly #lanes = new Map<string, ChannelLane>();
  readonly #edits: Edits<Message>;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.#edits = new Edits(deps.clock, (key, message) => this.#edit(refOf(key), message));
  }

  /** @see Chat.post */
  post(to: To, message: Message): Promise<MessageRef> {
    return this.#track(this.#post(to, message));
  }

  /** @see Chat.update */
  update(ref: MessageRef, message: Message): Promise<void> {
    return this.#edits.edit(keyOf(ref), message);
  }

  /** A call about one channel, in its lane. */
  inLane<T>(channel: string, priority: Priority, cost: 0 | 1, send: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(channel) ?? new ChannelLane(this.#deps.clock, this.#deps.pace);
    this.#lanes.set(channel, lane);
    if (this.#lanes.size > 2_000) {
      for (const [name, other] of this.#lanes) if (other.isIdle && name !== channel) this.#lanes.delete(name);
    }
    return lane.submit(priority, cost, send);
  }

  /** Tries the rich form, and where Slack refuses that form the plain one, once. */
  async inForms<T>(rendered: Rendered, send: (form: Rendered['plain']) => Promise<T>): Promise<T> {
    try {
      return await send(rendered);
    } catch (error) {
      if (!(error instanceof NotDelivered) || !REFUSED_FORM.has(error.slackError)) throw error;
      this.#deps.metrics.plainForm?.(error.slackError);
      this.#deps.log.warn({ slackError: error.slackError, err: error.cause }, 'Slack refused the rich form');
      return await send(rendered.plain);
    }
  }

  /** Resolves when posts, edits and uploads under way have settled. */
  async settled(): Promise<void> {
    await this.#edits.settled();
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const done = (): void => {
      this.#underWay.delete(work);
    };
    work.then(done, done);
    return work;
  }

  async #post(to: To, message: Message): Promise<MessageRef> {
    const since = this.#deps.clock();
    const rendered = renderMessage(message, { files: this.#filePlace() });
    try {
      const ref = await this.#postForms(to, message, rendered);
      this.#attach(ref, to.thread ?? ref.ts, message, rendered);
      return ref;
    } catch (error) {
      if (!(error instanceof Ambiguous)) throw error;
      const found = await this.#look({ ...to, since }, message.metadata);
      if (found === undefined) throw error;
      this.#deps.log.info({ channel: to.channel, ts: found.ts }, 'A post without an answer had arrived');
      this.#attach(found, to.thread ?? found.ts, message, rendered);
      return found;
    }
  }

  async #postForms(to: To, message: Message, rendered: Rendered): Promise<MessageRef> {
    const send = (): Promise<MessageRef> => this.inForms(rendered, (form) => this.#postOnce(to, message, form));
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof NotDelivered) || !OUTSIDE.has(error.slackError)) throw error;
      if (!(await this.#join(to.channel))) throw error;
      return await send();
    }
  }

  async #postOnce(to: To, message: Message, form: Rendered['plain']): Promise<MessageRef> {
    const args = {
      channel: to.channel,
      ...(to.thread !== undefined && { thread_ts: to.thread, ...(to.isBroadcast && { reply_broadcast: true }) }),
      text: form.text,
      blocks: form.blocks,
      attachments: form.attachments,
      ...(message.metadata && { metadata: slackMetadata(message.metadata) }),
      unfurl_links: false,
      unfurl_media: false,
    };
    const answer = await this.inLane(to.channel, 'answer', 1, () =>
      this.#deps.web.call('outbound', 'chat.postMessage', args),
    );
    return { channel: String(answer.channel ?? to.channel), ts: String(answer.ts) };
  }

  async #edit(ref: MessageRef, message: Message): Promise<void> {
    const rendered = renderMessage(message, { files: this.#filePlace() });
    const priority: Priority = message.status === 'running' || message.status === 'queued' ? 'progress' : 'answer';
    await this.inForms(rendered, (form) => this.#editUntilKnown(ref, message, form, priority));
    this.#attach(ref, ref.ts, message, rendered);
  }

  /** An edit can be repeated without harm, so an unclear answer is simply asked again. */
  async #editUntilKnown(ref: MessageRef, message: Message, form: Rendered['plain'], priority: Priority): Promise<void> {
    const args = {
      ...ref,
      text: form.text,
      blocks: form.blocks,
      attachments: form.attachments,
      ...(message.metadata && { metadata: slackMetadata(message.metadata) }),
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.inLane(ref.channel, priority, 0, () => this.#deps.web.call('outbound', 'chat.update', args));
        return;
      } catch (error) {
        const isWorthwhile = error instanceof Ambiguous || (error instanceof NotDelivered && error.retryable);
        if (!isWorthwhile || attempt >= EDIT_ATTEMPTS) throw error;
        await delay(200 * 2 ** attempt);
      }
    }
  }

  async #look(where: Where, metadata: Metadata | undefined): Promise<MessageRef | undefined> {
    if (metadata === undefined) return undefined;
    try {
      return await findMessage(this.#deps.web, where, metadata);
    } catch {
      return undefined;
    }
  }

  async #join(channel: string): Promise<boolean> {
    if (!channel.startsWith('C') || this.#deps.web.lacks('channels:join')) return false;
    try {
      await this.#deps.web.call('outbound', 'conversations.join', { channel });
      return true;
    } catch {
      return false;
    }
  }

  #filePlace(): FilePlace {
    return this.#deps.web.lacks('files:write') ? 'not-granted' : 'thread';
  }

  /** After the message, so that a slow upload delays nobody; if it fails the message says so. */
  #attach(ref: MessageRef, thread: string, message: Message, rendered: Rendered): void {
    const { file } = rendered;
    if (file === undefined || this.#filePlace() === 'not-granted') return;
    const upload = this.#deps.files.upload({ channel: ref.channel, thread }, file).then(async (place) => {
      if (place === 'thread') return;
      const honest = renderMessage(message, { files: place });
      await this.inForms(honest, (form) => this.#editUntilKnown(ref, message, form, 'answer')).catch(() => undefined);
    });
    void this.#track(upload);
  }
}

export function slackMetadata(metadata: Metadata): { event_type: 'shipmate'; event_payload: Metadata } {
  return { event_type: 'shipmate', event_payload: metadata };
}

function keyOf(ref: MessageRef): string {
  return `${ref.channel} ${ref.ts}`;
}

function refOf(key: string): MessageRef {
  const [channel, ts] = key.split(' ') as [string, string];
  return { channel, ts };
}
