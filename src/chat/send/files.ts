import { createHash } from 'node:crypto';
import type { Logger } from '../../log.ts';
import { delay } from '../../time.ts';
import { NotDelivered } from '../delivery.ts';
import type { FilePlace } from '../render/message.ts';
import type { SlackAnswer, Web } from './web.ts';

export interface Attachment {
  readonly name: string;
  readonly content: string;
}

const UPLOAD_TIMEOUT_MS = 30_000;
const REMEMBERED = 500;
const ATTEMPTS = 3;

/** Puts whole outputs into a thread as files. The same output is not put there twice when its message is edited or paged. */
export class Files {
  readonly #web: Web;
  readonly #log: Logger;
  readonly #done = new Set<string>();

  constructor(web: Web, log: Logger) {
    this.#web = web;
    this.#log = log;
  }

  /** Never throws: the message is already there. @returns where the file is, to be told in the message. */
  async upload(to: { channel: string; thread?: string | undefined }, file: Attachment): Promise<FilePlace> {
    const key = createHash('sha256')
      .update(JSON.stringify([to.channel, to.thread, file]))
      .digest('base64');
    if (this.#done.has(key)) return 'thread';
    this.#remember(key);
    try {
      await this.#send(to, file);
      return 'thread';
    } catch (error) {
      this.#done.delete(key);
      this.#log.warn({ channel: to.channel, file: file.name, err: error }, 'A file could not be attached');
      const isScope = error instanceof NotDelivered && error.slackError === 'missing_scope';
      return isScope ? 'not-granted' : 'failed';
    }
  }

  async #send(to: { channel: string; thread?: string | undefined }, file: Attachment): Promise<void> {
    const bytes = Buffer.from(file.content, 'utf8');
    const place = await this.#call('files.getUploadURLExternal', {
      filename: file.name,
      length: bytes.length,
    });
    // No token goes along: the address itself is the permission.
    const response = await fetch(String(place.upload_url), {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    });
    if (!response.ok) throw new NotDelivered(`upload_http_${response.status}`);
    await this.#call('files.completeUploadExternal', {
      files: [{ id: place.file_id, title: file.name }],
      channel_id: to.channel,
      ...(to.thread !== undefined && { thread_ts: to.thread }),
    });
  }

  /** Rate limits of files are low and short: waiting them out is all that is needed. */
  async #call(method: string, args: Record<string, unknown>): Promise<SlackAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#web.call('outbound', method, args);
      } catch (error) {
        const waitMs = error instanceof NotDelivered ? error.retryAfterMs : undefined;
        if (waitMs === undefined || attempt >= ATTEMPTS) throw error;
        await delay(waitMs);
      }
    }
  }

  #remember(key: string): void {
    this.#done.add(key);
    if (this.#done.size > REMEMBERED) this.#done.delete(this.#done.values().next().value as string);
  }
}
