import { showChannel } from '../say.ts';
import { type Channel, conversationObject } from '../store/channels.ts';
import type { Workspace } from '../workspace.ts';
import {
  ApiError,
  type Args,
  flagArg,
  type Method,
  numberArg,
  paged,
  requireKindScope,
  requireScope,
  textArg,
  visibleChannel,
} from './method.ts';

const TYPE_OF = { channel: 'public_channel', private: 'private_channel', im: 'im', mpim: 'mpim' } as const;
const SCOPE_OF = { channel: 'channels:read', private: 'groups:read', im: 'im:read', mpim: 'mpim:read' } as const;
const TOPIC_LIMIT = 250;

const open: Method = {
  token: 'bot',
  run(workspace, args) {
    const channelId = textArg(args, 'channel');
    if (channelId !== undefined) return { channel: { id: visibleChannel(workspace, channelId).id } };
    const users = (textArg(args, 'users') ?? '').split(',').filter((id) => id !== '');
    if (users.length === 0) throw new ApiError('users_list_not_supplied');
    requireScope(workspace, users.length === 1 ? 'im:write' : 'mpim:write');
    for (const id of users) {
      const person = workspace.people.find(id);
      if (person === undefined || person.id !== id) throw new ApiError('user_not_found');
      if (person.isDeactivated) throw new ApiError('user_disabled');
    }
    const channel = workspace.channels.direct([workspace.botUserId, ...users]);
    showChannel(workspace, channel);
    return { channel: flagArg(args, 'return_im') ? describe(workspace, channel) : { id: channel.id } };
  },
};

const info: Method = {
  token: 'bot',
  run(workspace, args) {
    const channel = visibleChannel(workspace, args.channel);
    requireKindScope(workspace, channel, 'read');
    return { channel: describe(workspace, channel) };
  },
};

const join: Method = {
  token: 'bot',
  scopes: ['channels:join'],
  run(workspace, args) {
    const channel = visibleChannel(workspace, args.channel);
    if (channel.isArchived) throw new ApiError('is_archived');
    if (channel.kind !== 'channel') throw new ApiError('method_not_supported_for_channel_type');
    channel.members.add(workspace.botUserId);
    showChannel(workspace, channel);
    return { channel: describe(workspace, channel) };
  },
};

const members: Method = {
  token: 'bot',
  run(workspace, args) {
    const channel = visibleChannel(workspace, args.channel);
    requireKindScope(workspace, channel, 'read');
    const { page, next } = paged([...channel.members], args, numberArg(args, 'limit', 100, 1, 1_000));
    return { members: page, response_metadata: { next_cursor: next } };
  },
};

const list: Method = {
  token: 'bot',
  run(workspace, args) {
    return listPage(workspace, args, (channel) => isVisible(workspace, channel));
  },
};

const usersConversations: Method = {
  token: 'bot',
  run(workspace, args) {
    const user = textArg(args, 'user') ?? workspace.botUserId;
    return listPage(workspace, args, (channel) => isVisible(workspace, channel) && channel.members.has(user));
  },
};

function listPage(workspace: Workspace, args: Args, isWanted: (channel: Channel) => boolean): Record<string, unknown> {
  const types = (textArg(args, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
  const kinds = (['channel', 'private', 'im', 'mpim'] as const).filter((kind) => types.includes(TYPE_OF[kind]));
  if (kinds.length === 0) throw new ApiError('invalid_types');
  for (const kind of kinds) requireScope(workspace, SCOPE_OF[kind]);
  const isLive = (channel: Channel): boolean => !channel.isArchived || !flagArg(args, 'exclude_archived');
  const found = workspace.channels.all().filter((one) => kinds.includes(one.kind) && isWanted(one) && isLive(one));
  const { page, next } = paged(found, args, numberArg(args, 'limit', 100, 1, 1_000));
  return { channels: page.map((channel) => describe(workspace, channel)), response_metadata: { next_cursor: next } };
}

const setTopic: Method = {
  token: 'bot',
  run(workspace, args) {
    const channel = changeableChannel(workspace, args);
    const topic = textArg(args, 'topic') ?? '';
    if (topic.length > TOPIC_LIMIT) throw new ApiError('too_long');
    channel.topic = topic;
    showChannel(workspace, channel);
    return { channel: describe(workspace, channel), topic };
  },
};

const setPurpose: Method = {
  token: 'bot',
  run(workspace, args) {
    const channel = changeableChannel(workspace, args);
    const purpose = textArg(args, 'purpose') ?? '';
    if (purpose.length > TOPIC_LIMIT) throw new ApiError('too_long');
    channel.purpose = purpose;
    showChannel(workspace, channel);
    return { purpose };
  },
};

function changeableChannel(workspace: Workspace, args: Args): Channel {
  const channel = visibleChannel(workspace, args.channel);
  requireScope(workspace, channel.kind === 'channel' ? 'channels:manage' : 'groups:write', 'channels:write.topic');
  if (channel.isArchived) throw new ApiError('is_archived');
  if (!workspace.channels.isBotIn(channel)) throw new ApiError('not_in_channel');
  return channel;
}

function isVisible(workspace: Workspace, channel: Channel): boolean {
  return channel.kind === 'channel' || workspace.channels.isBotIn(channel);
}

function describe(workspace: Workspace, channel: Channel): Record<string, unknown> {
  return { ...conversationObject(channel, workspace.botUserId), context_team_id: workspace.world.team.id };
}

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.open': open,
  'conversations.info': info,
  'conversations.join': join,
  'conversations.members': members,
  'conversations.list': list,
  'users.conversations': usersConversations,
  'conversations.setTopic': setTopic,
  'conversations.setPurpose': setPurpose,
};
