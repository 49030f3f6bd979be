import { messageObject } from '../delivery/message-object.ts';
import type { Channel } from '../store/channels.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Workspace } from '../workspace.ts';
import {
  ApiError,
  type Args,
  flagArg,
  type Method,
  numberArg,
  paged,
  requiredText,
  requireKindScope,
  textArg,
  visibleChannel,
} from './method.ts';

const LIMIT = 999;

/** Newest first, without replies (but with those also sent to the channel) and never with ephemerals. */
const history: Method = {
  token: 'bot',
  run(workspace, args) {
    const channel = readableChannel(workspace, args);
    const limit = numberArg(args, 'limit', 100, 1, LIMIT);
    const inRange = rangeOf(args);
    const found = channelMessages(workspace, channel).filter((message) => inRange(message.ts));
    return page(workspace, args, found.reverse(), limit);
  },
};

/** The parent first, then replies oldest first. */
const replies: Method = {
  token: 'bot',
  run(workspace, args) {
    const channel = readableChannel(workspace, args);
    const limit = numberArg(args, 'limit', 1_000, 1, 1_000);
    const message = workspace.messages.get(channel.id, requiredText(args, 'ts'));
    if (message === undefined) throw new ApiError('thread_not_found');
    const parent = message.parentTs === undefined ? message : workspace.messages.get(channel.id, message.parentTs);
    if (parent === undefined) throw new ApiError('thread_not_found');
    const inRange = rangeOf(args);
    const inThread = workspace.messages.replies(channel.id, parent.ts).filter((reply) => inRange(reply.ts));
    return page(workspace, args, [parent, ...inThread], limit);
  },
};

function channelMessages(workspace: Workspace, channel: Channel): StoredMessage[] {
  const top = [...workspace.messages.top(channel.id)];
  const broadcasts = top
    .flatMap((message) => workspace.messages.replies(channel.id, message.ts))
    .filter((reply) => reply.isBroadcast === true);
  if (broadcasts.length === 0) return top;
  return [...top, ...broadcasts].sort((a, b) => Number(a.ts) - Number(b.ts));
}

function page(
  workspace: Workspace,
  args: Args,
  found: readonly StoredMessage[],
  limit: number,
): Record<string, unknown> {
  const { page: messages, next } = paged(found, args, limit);
  const withMetadata = flagArg(args, 'include_all_metadata');
  return {
    messages: messages.map((message) => messageObject(workspace, message, { withMetadata })),
    has_more: next !== '',
    ...(next === '' ? {} : { response_metadata: { next_cursor: next } }),
  };
}

function rangeOf(args: Args): (ts: string) => boolean {
  const oldest = tsArg(args, 'oldest') ?? 0;
  const latest = tsArg(args, 'latest') ?? Number.POSITIVE_INFINITY;
  const isInclusive = flagArg(args, 'inclusive');
  return (ts) => {
    const at = Number(ts);
    return isInclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

function tsArg(args: Args, name: 'oldest' | 'latest'): number | undefined {
  const given = textArg(args, name);
  if (given === undefined || given === '') return undefined;
  const value = Number(given);
  if (Number.isNaN(value)) throw new ApiError(`invalid_ts_${name}`);
  return value;
}

function readableChannel(workspace: Workspace, args: Args): Channel {
  const channel = visibleChannel(workspace, args.channel);
  requireKindScope(workspace, channel, 'history');
  if (!workspace.channels.isBotIn(channel)) throw new ApiError('not_in_channel');
  return channel;
}

export const historyMethods: Readonly<Record<string, Method>> = {
  'conversations.history': history,
  'conversations.replies': replies,
};
