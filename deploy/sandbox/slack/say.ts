import { messageAltered, messageSaid } from './delivery/events.ts';
import { messageObject } from './delivery/message-object.ts';
import type { PageEvent } from './protocol.ts';
import { channelState, seenEphemeral, seenMessage } from './seen.ts';
import type { Channel } from './store/channels.ts';
import type { Ephemeral } from './store/ephemerals.ts';
import type { StoredMessage } from './store/messages.ts';
import { SLACKBOT } from './store/people.ts';
import type { Workspace } from './workspace.ts';

type NewMessage = Omit<StoredMessage, 'ts' | 'channel' | 'reactions' | 'team'> & { readonly team?: string };

/** Puts a message into a channel: everybody's page shows it, and the bot gets its events. */
export function say(workspace: Workspace, channel: Channel, message: NewMessage): StoredMessage {
  const stored: StoredMessage = {
    ...message,
    team: message.team ?? workspace.world.team.id,
    channel: channel.id,
    ts: workspace.time.nextTs(),
    reactions: new Map(),
  };
  const isDirect = channel.kind === 'im' || channel.kind === 'mpim';
  const isFirst = isDirect && workspace.messages.latestTs(channel.id) === undefined;
  workspace.messages.add(stored);
  // A page may not know a conversation that has just come to be.
  if (isFirst) showChannel(workspace, channel);
  showReaders(workspace, channel, () => ({
    type: 'message',
    channel: channel.id,
    message: seenMessage(workspace, stored),
  }));
  if (stored.parentTs !== undefined) showParent(workspace, channel, stored.parentTs);
  messageSaid(workspace, channel, stored);
  return stored;
}

type Edit = Partial<Pick<StoredMessage, 'text' | 'blocks' | 'attachments' | 'metadata' | 'edited' | 'files'>>;

/** Changes a message in place. */
export function edit(workspace: Workspace, channel: Channel, message: StoredMessage, change: Edit): void {
  const previous = messageObject(workspace, message, { withMetadata: true });
  Object.assign(message, change);
  showChanged(workspace, channel, message);
  messageAltered(workspace, channel, { subtype: 'message_changed', message, previous });
}

export function remove(workspace: Workspace, channel: Channel, message: StoredMessage): void {
  const previous = messageObject(workspace, message, { withMetadata: true });
  workspace.messages.remove(message);
  const thread = message.parentTs === undefined ? {} : { thread_ts: message.parentTs };
  showReaders(workspace, channel, () => ({ type: 'message_deleted', channel: channel.id, ts: message.ts, ...thread }));
  if (message.parentTs !== undefined) showParent(workspace, channel, message.parentTs);
  messageAltered(workspace, channel, { subtype: 'message_deleted', message, previous });
}

/** Says something to one person only. */
export function whisper(workspace: Workspace, message: Omit<Ephemeral, 'ts'>): Ephemeral {
  const stored = { ...message, ts: workspace.time.nextTs() };
  workspace.ephemerals.add(stored);
  const { owner, channel } = stored;
  workspace.page.toPerson(owner, { type: 'ephemeral', channel, message: seenEphemeral(workspace, stored) });
  return stored;
}

/** Slack's own words to one person. */
export function slackbotSays(
  workspace: Workspace,
  owner: string,
  channel: string,
  text: string,
  threadTs?: string,
): void {
  whisper(workspace, { owner, channel, text, user: SLACKBOT, threadTs });
}

export function showChanged(workspace: Workspace, channel: Channel, message: StoredMessage): void {
  showReaders(workspace, channel, () => ({
    type: 'message_changed',
    channel: channel.id,
    message: seenMessage(workspace, message),
  }));
}

/** Topic, bookmarks, members, archived: everybody who can read the channel gets its new state. */
export function showChannel(workspace: Workspace, channel: Channel): void {
  for (const person of readersWatching(workspace, channel)) {
    workspace.page.toPerson(person.id, { type: 'channel_changed', channel: channelState(workspace, channel, person) });
  }
}

function showParent(workspace: Workspace, channel: Channel, ts: string): void {
  const parent = workspace.messages.get(channel.id, ts);
  if (parent !== undefined) showChanged(workspace, channel, parent);
}

/** The event is only made when somebody is looking. */
function showReaders(workspace: Workspace, channel: Channel, makeEvent: () => PageEvent): void {
  const readers = readersWatching(workspace, channel);
  if (readers.length === 0) return;
  const event = makeEvent();
  for (const person of readers) workspace.page.toPerson(person.id, event);
}

function readersWatching(workspace: Workspace, channel: Channel) {
  return workspace.page.watchers().flatMap((id) => {
    const person = workspace.people.find(id);
    return person !== undefined && workspace.channels.canRead(person, channel) ? [person] : [];
  });
}
