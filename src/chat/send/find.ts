import type { MessageRef } from '../invocation.ts';
import type { Metadata } from '../message.ts';
import type { Web } from './web.ts';

export interface Where {
  readonly channel: string;
  readonly thread?: string | undefined;
  /** Epoch milliseconds. */
  readonly since: number;
}

interface Found {
  readonly ts: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: Readonly<Record<string, unknown>> };
}

/** Clocks differ; a message of ours may be stamped a little before we sent it. */
const SKEW_MS = 60_000;
const PAGE = 100;

/**
 * Our newest message whose metadata holds every given fact (absent ones do not count).
 * @throws NotDelivered, Ambiguous when Slack does not let us look.
 */
export async function findMessage(web: Web, where: Where, wanted: Partial<Metadata>): Promise<MessageRef | undefined> {
  const channel = await conversationOf(web, where.channel);
  const oldest = Math.max(0, (where.since - SKEW_MS) / 1_000).toFixed(6);
  const common = { channel, oldest, limit: PAGE, include_all_metadata: true };
  const answer =
    where.thread === undefined
      ? await web.call('outbound', 'conversations.history', common)
      : await web.call('outbound', 'conversations.replies', { ...common, ts: where.thread });
  const messages = (answer.messages ?? []) as readonly Found[];
  const ours = messages.filter((message) => matches(message, wanted)).sort((a, b) => Number(b.ts) - Number(a.ts));
  return ours[0] && { channel, ts: ours[0].ts };
}

function matches({ metadata }: Found, wanted: Partial<Metadata>): boolean {
  if (metadata?.event_type !== 'shipmate') return false;
  return Object.entries(wanted).every(([key, value]) => value === undefined || metadata.event_payload?.[key] === value);
}

/** Posting takes a person's id for "their direct messages with us"; reading wants the conversation itself. */
export async function conversationOf(web: Web, channel: string): Promise<string> {
  if (!/^[UW]/.test(channel)) return channel;
  const answer = await web.call('outbound', 'conversations.open', { users: channel });
  return (answer.channel as { id: string }).id;
}
