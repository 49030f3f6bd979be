import { messageObject } from '../delivery/message-object.ts';
import { edit, remove, say, whisper } from '../say.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Workspace } from '../workspace.ts';
import { contentOf, metadataOf, postChannel, threadParent } from './content.ts';
import { ApiError, type Args, flagArg, type Method, requiredText, textArg, visibleChannel } from './method.ts';

const TEXT_CUT = 40_000;
const TEXT_LIMIT = 4_000;

const postMessage: Method = {
  token: 'bot',
  scopes: ['chat:write'],
  run(workspace, args) {
    const channel = postChannel(workspace, args);
    const content = contentOf(args);
    const parentTs = threadParent(workspace, channel, args);
    const username = workspace.scopes.has('chat:write.customize') ? textArg(args, 'username') : undefined;
    const message = say(workspace, channel, {
      ...content,
      text: content.text.slice(0, TEXT_CUT),
      user: workspace.botUserId,
      botId: workspace.botId,
      metadata: metadataOf(args),
      parentTs,
      isBroadcast: parentTs !== undefined && flagArg(args, 'reply_broadcast'),
      subtype: parentTs !== undefined && flagArg(args, 'reply_broadcast') ? 'thread_broadcast' : undefined,
      username,
    });
    return { channel: channel.id, ts: message.ts, message: messageObject(workspace, message, { withMetadata: true }) };
  },
};

const update: Method = {
  token: 'bot',
  scopes: ['chat:write'],
  run(workspace, args) {
    const { channel, message } = ownMessage(workspace, args, 'cant_update_message');
    const content = contentOf(args, { mayBeEmpty: args.metadata !== undefined });
    if (content.text.length > TEXT_LIMIT) throw new ApiError('msg_too_long');
    const hasText = textArg(args, 'text') !== undefined || args.markdown_text !== undefined;
    edit(workspace, channel, message, {
      // What is not given stays as it was.
      text: hasText ? content.text : message.text,
      blocks: args.blocks === undefined && args.markdown_text === undefined ? message.blocks : content.blocks,
      attachments: args.attachments === undefined ? message.attachments : content.attachments,
      metadata: args.metadata === undefined ? message.metadata : metadataOf(args),
      edited: { user: workspace.botUserId, ts: `${Math.floor(workspace.time.now() / 1_000)}.000000` },
    });
    return {
      channel: channel.id,
      ts: message.ts,
      text: message.text,
      message: messageObject(workspace, message, { withMetadata: true }),
    };
  },
};

const deleteMessage: Method = {
  token: 'bot',
  scopes: ['chat:write'],
  run(workspace, args) {
    const { channel, message } = ownMessage(workspace, args, 'cant_delete_message');
    remove(workspace, channel, message);
    return { channel: channel.id, ts: message.ts };
  },
};

const postEphemeral: Method = {
  token: 'bot',
  scopes: ['chat:write'],
  run(workspace, args) {
    const channel = visibleChannel(workspace, args.channel);
    if (channel.isArchived) throw new ApiError('is_archived');
    if (!workspace.channels.isBotIn(channel)) throw new ApiError('not_in_channel');
    const person = workspace.people.find(requiredText(args, 'user'));
    if (person === undefined) throw new ApiError('user_not_found');
    if (person.isDeactivated || !channel.members.has(person.id)) throw new ApiError('user_not_in_channel');
    const content = contentOf(args);
    if (content.text.length > TEXT_LIMIT * 10) throw new ApiError('msg_too_long');
    const message = whisper(workspace, {
      ...content,
      owner: person.id,
      channel: channel.id,
      threadTs: textArg(args, 'thread_ts'),
      user: workspace.botUserId,
      botId: workspace.botId,
    });
    return { message_ts: message.ts };
  },
};

const getPermalink: Method = {
  token: 'bot',
  run(workspace, args) {
    const channel = visibleChannel(workspace, args.channel);
    const message = workspace.messages.get(channel.id, requiredText(args, 'message_ts'));
    if (message === undefined) throw new ApiError('message_not_found');
    const thread = message.parentTs === undefined ? '' : `?thread_ts=${message.parentTs}&cid=${channel.id}`;
    const path = `/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
    return { channel: channel.id, permalink: `${workspace.baseUrl}${path}` };
  },
};

function ownMessage(
  workspace: Workspace,
  args: Args,
  refusal: string,
): { channel: ReturnType<typeof visibleChannel>; message: StoredMessage } {
  const channel = visibleChannel(workspace, args.channel);
  const message = workspace.messages.get(channel.id, requiredText(args, 'ts'));
  if (message === undefined) throw new ApiError('message_not_found');
  if (message.user !== workspace.botUserId) throw new ApiError(refusal);
  if (channel.isArchived) throw new ApiError('is_archived');
  return { channel, message };
}

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': deleteMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};
