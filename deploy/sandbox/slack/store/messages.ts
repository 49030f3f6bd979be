import type { Block } from '../protocol.ts';

export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

export interface StoredMessage {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly botId?: string | undefined;
  readonly team: string;
  readonly clientMsgId?: string | undefined;
  /** The parent's `ts` on a reply. */
  readonly parentTs?: string | undefined;
  /** A reply that is also shown in the channel. */
  readonly isBroadcast?: boolean | undefined;
  readonly subtype?: string | undefined;
  /** `username` and icon given with the scope `chat:write.customize`. */
  readonly username?: string | undefined;
  text: string;
  blocks?: readonly Block[] | undefined;
  attachments?: readonly Readonly<Record<string, unknown>>[] | undefined;
  metadata?: MessageMetadata | undefined;
  edited?: { readonly user: string; readonly ts: string } | undefined;
  files?: readonly string[] | undefined;
  readonly reactions: Map<string, Set<string>>;
}

interface ChannelLog {
  readonly byTs: Map<string, StoredMessage>;
  /** Oldest first, without replies. */
  readonly top: StoredMessage[];
  /** Parent ts → replies, oldest first. */
  readonly replies: Map<string, StoredMessage[]>;
}

/** What was said. Keeps the newest messages of each channel only, so that a sandbox can run for weeks. */
export class Messages {
  readonly #logs = new Map<string, ChannelLog>();
  readonly #keep: number;

  /** @param keep messages per channel. */
  constructor(keep: number) {
    this.#keep = keep;
  }

  add(message: StoredMessage): void {
    const log = this.#log(message.channel);
    log.byTs.set(message.ts, message);
    if (message.parentTs === undefined) log.top.push(message);
    else {
      const replies = log.replies.get(message.parentTs);
      if (replies === undefined) log.replies.set(message.parentTs, [message]);
      else replies.push(message);
    }
    if (log.byTs.size > this.#keep) this.#forgetOldest(message.channel, log);
  }

  get(channel: string, ts: string): StoredMessage | undefined {
    return this.#logs.get(channel)?.byTs.get(ts);
  }

  /** A parent that has replies stays as a tombstone in Slack; here it goes with them, which the bot cannot tell apart. */
  remove(message: StoredMessage): void {
    const log = this.#log(message.channel);
    log.byTs.delete(message.ts);
    const list = message.parentTs === undefined ? log.top : (log.replies.get(message.parentTs) ?? []);
    const at = list.indexOf(message);
    if (at >= 0) list.splice(at, 1);
    for (const reply of log.replies.get(message.ts) ?? []) log.byTs.delete(reply.ts);
    log.replies.delete(message.ts);
  }

  /** Oldest first. */
  top(channel: string): readonly StoredMessage[] {
    return this.#logs.get(channel)?.top ?? [];
  }

  /** Oldest first, without the parent. */
  replies(channel: string, parentTs: string): readonly StoredMessage[] {
    return this.#logs.get(channel)?.replies.get(parentTs) ?? [];
  }

  latestTs(channel: string): string | undefined {
    return this.#logs.get(channel)?.top.at(-1)?.ts;
  }

  #log(channel: string): ChannelLog {
    let log = this.#logs.get(channel);
    if (log === undefined) {
      log = { byTs: new Map(), top: [], replies: new Map() };
      this.#logs.set(channel, log);
    }
    return log;
  }

  #forgetOldest(channel: string, log: ChannelLog): void {
    // A tenth at a time: shifting a long array for every message would cost more than the message.
    const count = Math.max(1, Math.floor(this.#keep / 10));
    for (const message of log.top.slice(0, count)) {
      if (log.byTs.size <= this.#keep - count) return;
      this.remove(this.get(channel, message.ts) as StoredMessage);
    }
    while (log.byTs.size > this.#keep) {
      const [parentTs, replies] = [...log.replies].at(0) ?? [];
      if (parentTs === undefined || replies === undefined) return;
      for (const reply of replies.splice(0, count)) log.byTs.delete(reply.ts);
    }
  }
}
