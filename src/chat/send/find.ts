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
const PAGE = 200;
/** A crash is looked into within minutes; more than this in one channel since then is not ours to read. */
const PAGES = 5;

/**
 * Our newest message whose metadata holds every given fact (absent ones do not count).
 * @throws NotDelivered, Ambiguous when Slack does not let us look.
 */
export async function findMessage(web: Web, where: Where, wanted: Partial<Metadata>): Promise<MessageRef | undefined> {
  const channel = await conversationOf(web, where.channel);
  const oldest = Math.max(0, (where.since - SKEW_MS) / 1_000).toFixed(6);
  const method = where.thread === undefined ? 'conversations.history' : 'conversations.replies';
  const args = { channel, oldest, limit: PAGE, include_all_metadata: true, ...(where.thread && { ts: where.thread }) };
  const messages = await pages(web, method, args);
  const ours = messages.filter((message) => matches(message, wanted)).sort((a, b) => Number(b.ts) - Number(a.ts));
  return ours[0] && { channel, ts: ours[0].ts };
}

async function pages(web: Web, method: string, args: Record<string, unknown>): Promise<Found[]> {
  const messages: Found[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await web.call('outbound', method, { ...args, ...(cursor && { cursor }) });
    messages.push(...((answer.messages ?? []) as readonly Found[]));
    cursor = (answer.response_metadata as { next_cursor?: string } | undefined)?.next_cursor;
    if (!cursor) break;
  }
  return messages;
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
