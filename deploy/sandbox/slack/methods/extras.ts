import { showChanged, showChannel } from '../say.ts';
import type { Bookmark, Channel } from '../store/channels.ts';
import { slackId } from '../store/ids.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Workspace } from '../workspace.ts';
import { ApiError, type Args, type Method, requiredText, textArg, visibleChannel } from './method.ts';

/** Reactions and bookmarks: small things that decorate what others said. */
const KEEP_BOOKMARKS = 100;

const reactions: Readonly<Record<string, Method>> = {
  'reactions.add': {
    token: 'bot',
    scopes: ['reactions:write'],
    run(workspace, args) {
      const { channel, message, name } = reactionTarget(workspace, args);
      const users = message.reactions.get(name) ?? new Set();
      if (users.has(workspace.botUserId)) throw new ApiError('already_reacted');
      message.reactions.set(name, users.add(workspace.botUserId));
      showChanged(workspace, channel, message);
      return {};
    },
  },
  'reactions.remove': {
    token: 'bot',
    scopes: ['reactions:write'],
    run(workspace, args) {
      const { channel, message, name } = reactionTarget(workspace, args);
      const users = message.reactions.get(name);
      if (users?.delete(workspace.botUserId) !== true) throw new ApiError('no_reaction');
      if (users.size === 0) message.reactions.delete(name);
      showChanged(workspace, channel, message);
      return {};
    },
  },
};

const bookmarks: Readonly<Record<string, Method>> = {
  'bookmarks.add': {
    token: 'bot',
    scopes: ['bookmarks:write'],
    run(workspace, args) {
      const channel = bookmarkChannel(workspace, args);
      if (requiredText(args, 'type') !== 'link') throw new ApiError('invalid_bookmark_type');
      if (channel.bookmarks.length >= KEEP_BOOKMARKS) throw new ApiError('too_many_bookmarks');
      const bookmark: Bookmark = { id: slackId('Bk'), title: requiredText(args, 'title'), link: linkArg(args) };
      const emoji = textArg(args, 'emoji');
      if (emoji !== undefined) bookmark.emoji = emoji;
      channel.bookmarks.push(bookmark);
      showChannel(workspace, channel);
      return { bookmark: bookmarkObject(channel, bookmark) };
    },
  },
  'bookmarks.list': {
    token: 'bot',
    scopes: ['bookmarks:read'],
    run(workspace, args) {
      const channel = bookmarkChannel(workspace, args);
      return { bookmarks: channel.bookmarks.map((bookmark) => bookmarkObject(channel, bookmark)) };
    },
  },
  'bookmarks.edit': {
    token: 'bot',
    scopes: ['bookmarks:write'],
    run(workspace, args) {
      const channel = bookmarkChannel(workspace, args);
      const bookmark = foundBookmark(channel, args);
      bookmark.title = textArg(args, 'title') ?? bookmark.title;
      if (args.link !== undefined) bookmark.link = linkArg(args);
      const emoji = textArg(args, 'emoji');
      if (emoji !== undefined) bookmark.emoji = emoji;
      showChannel(workspace, channel);
      return { bookmark: bookmarkObject(channel, bookmark) };
    },
  },
  'bookmarks.remove': {
    token: 'bot',
    scopes: ['bookmarks:write'],
    run(workspace, args) {
      const channel = bookmarkChannel(workspace, args);
      channel.bookmarks.splice(channel.bookmarks.indexOf(foundBookmark(channel, args)), 1);
      showChannel(workspace, channel);
      return {};
    },
  },
};

function reactionTarget(workspace: Workspace, args: Args): { channel: Channel; message: StoredMessage; name: string } {
  const channel = visibleChannel(workspace, args.channel);
  const message = workspace.messages.get(channel.id, requiredText(args, 'timestamp'));
  if (message === undefined) throw new ApiError('message_not_found');
  if (!workspace.channels.isBotIn(channel)) throw new ApiError('not_in_channel');
  const name = requiredText(args, 'name').replaceAll(':', '');
  if (!/^[\w+'-]+$/.test(name)) throw new ApiError('invalid_name');
  return { channel, message, name };
}

function bookmarkChannel(workspace: Workspace, args: Args): Channel {
  const channel = visibleChannel(workspace, args.channel_id);
  if (!workspace.channels.isBotIn(channel)) throw new ApiError('not_in_channel');
  if (channel.isArchived) throw new ApiError('is_archived');
  return channel;
}

function foundBookmark(channel: Channel, args: Args): Bookmark {
  const bookmark = channel.bookmarks.find((one) => one.id === requiredText(args, 'bookmark_id'));
  if (bookmark === undefined) throw new ApiError('not_found');
  return bookmark;
}

function linkArg(args: Args): string {
  const link = requiredText(args, 'link');
  if (!/^https?:\/\//.test(link)) throw new ApiError('invalid_link');
  return link;
}

function bookmarkObject(channel: Channel, bookmark: Bookmark): Record<string, unknown> {
  return { ...bookmark, channel_id: channel.id, type: 'link', icon_url: null, rank: bookmark.id };
}

export const extraMethods: Readonly<Record<string, Method>> = { ...reactions, ...bookmarks };
