import type { Message, Metadata } from '../chat/message.ts';

/** What a subject looks like now, and where its message lives. Undefined: it is gone, and so is its row. */
export interface Rendering {
  readonly generation: number;
  readonly message: Message;
  readonly channel: string;
  readonly thread?: string | undefined;
  /** Where the message goes when Slack refuses the channel: the person's own direct message. '': nowhere, it waits. */
  readonly fallbackUser: string;
  readonly since: number;
  readonly metadata: Omit<Metadata, 'generation'>;
  /** Said in the channel, too, when it is a reply in a thread. */
  readonly isBroadcast?: boolean;
  /** Edits of this message are at least so far apart, and left out where nothing but the notification line changed. */
  readonly everyMs?: number;
  /** Called once Slack has taken the first one. Best effort. */
  readonly posted?: () => Promise<void>;
  /** Other rows that waited for this message to be there: replies in its thread. Kicked after it was posted. */
  readonly followers?: readonly { readonly kind: string; readonly id: string }[];
}
/** `later`: there is something to say but not yet, such as a reply to a message that is not in Slack; the row stays. */
export type Renderers = Readonly<Record<string, Renderer>>;
/** @param written the revision of the row that is being delivered: what was recorded together with it may be shown without reading it. */
export type Renderer = (id: string, written?: string) => Promise<Rendering | 'later' | undefined>;
