import type { Block } from '../protocol.ts';

/** "Only visible to you". Slack does not store these: they are gone when their owner reloads. */
export interface Ephemeral {
  readonly owner: string;
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string | undefined;
  readonly user: string;
  readonly botId?: string | undefined;
  text: string;
  blocks?: readonly Block[] | undefined;
  attachments?: readonly Readonly<Record<string, unknown>>[] | undefined;
}

const KEEP_PER_PERSON = 200;

export class Ephemerals {
  readonly #byOwner = new Map<string, Ephemeral[]>();

  add(message: Ephemeral): void {
    const list = this.of(message.owner);
    list.push(message);
    if (list.length > KEEP_PER_PERSON) list.shift();
    this.#byOwner.set(message.owner, list);
  }

  /** Oldest first. */
  of(owner: string): Ephemeral[] {
    return this.#byOwner.get(owner) ?? [];
  }

  find(owner: string, channel: string, ts: string): Ephemeral | undefined {
    return this.of(owner).find((message) => message.channel === channel && message.ts === ts);
  }

  remove(message: Ephemeral): void {
    this.#byOwner.set(
      message.owner,
      this.of(message.owner).filter((other) => other !== message),
    );
  }

  /** What a reload of the client does. */
  clear(owner: string): Ephemeral[] {
    const gone = this.of(owner);
    this.#byOwner.delete(owner);
    return gone;
  }
}
