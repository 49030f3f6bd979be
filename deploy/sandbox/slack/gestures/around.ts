import { publishEvent } from '../delivery/events.ts';
import type { EditRequest, HomeAnswer, ReactRequest, SeesAnswer, ViewsAnswer } from '../protocol.ts';
import { edit, remove, say, showChanged, showChannel } from '../say.ts';
import { channelState, seenEphemeral, seenMessage, seenView } from '../seen.ts';
import type { Channel } from '../store/channels.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Person } from '../store/people.ts';
import type { Workspace } from '../workspace.ts';
import { readableChannel } from './people.ts';
import { GestureError } from './refusal.ts';
import { editedContent } from './type.ts';

/** Messages that a page loads at once. */
const NEWEST = 1_000;

/** What this person sees in a channel (or, with `threadTs`, in one thread), oldest first, their own ephemerals among it. */
export function sees(
  workspace: Workspace,
  person: Person,
  name: string,
  options: { readonly threadTs?: string | undefined; readonly limit?: number },
): SeesAnswer {
  const { threadTs, limit = NEWEST } = options;
  const channel = readableChannel(workspace, person, name);
  const stored =
    threadTs === undefined ? channelMessages(workspace, channel) : threadMessages(workspace, channel, threadTs);
  const whispered = workspace.ephemerals
    .of(person.id)
    .filter((message) => message.channel === channel.id && message.threadTs === threadTs);
  const messages = [
    ...stored.slice(-limit).map((message) => seenMessage(workspace, message)),
    ...whispered.map((message) => seenEphemeral(workspace, message)),
  ].sort((a, b) => Number(a.ts) - Number(b.ts));
  return { ok: true, channel: channelState(workspace, channel, person), messages };
}

export function views(workspace: Workspace, person: Person): ViewsAnswer {
  const home = workspace.views.home(person.id);
  return {
    ok: true,
    modals: workspace.views.stack(person.id).map((view) => seenView(workspace, view)),
    ...(home === undefined ? {} : { home: seenView(workspace, home) }),
  };
}

/** Opens the app's Home tab: the app hears of it and may publish a new one. */
export function openHome(workspace: Workspace, person: Person): HomeAnswer {
  const channel = workspace.channels.direct([person.id, workspace.botUserId]);
  const home = workspace.views.home(person.id);
  publishEvent(
    workspace,
    { type: 'app_home_opened', user: person.id, channel: channel.id, tab: 'home', event_ts: workspace.time.nextTs() },
    { subscription: 'app_home_opened' },
  );
  return { ok: true, ...(home === undefined ? {} : { home: seenView(workspace, home) }) };
}

/** A reload of the client: ephemeral messages and open modals are gone. */
export function reload(workspace: Workspace, person: Person): void {
  for (const { channel, ts } of workspace.ephemerals.clear(person.id)) {
    workspace.page.toPerson(person.id, { type: 'message_deleted', channel, ts });
  }
  for (const view of workspace.views.clear(person.id)) {
    workspace.page.toPerson(person.id, { type: 'view_closed', view_id: view.id });
  }
}

export function react(workspace: Workspace, person: Person, request: ReactRequest): void {
  const { channel, message } = target(workspace, person, request);
  const name = request.name.replaceAll(':', '');
  const users = message.reactions.get(name) ?? new Set();
  if (request.remove === true) users.delete(person.id);
  else users.add(person.id);
  if (users.size === 0) message.reactions.delete(name);
  else message.reactions.set(name, users);
  showChanged(workspace, channel, message);
  if (!workspace.channels.isBotIn(channel)) return;
  const type = request.remove === true ? 'reaction_removed' : 'reaction_added';
  const item = { type: 'message', channel: channel.id, ts: message.ts };
  const event = {
    type,
    user: person.id,
    reaction: name,
    item,
    item_user: message.user,
    event_ts: workspace.time.nextTs(),
  };
  publishEvent(workspace, event, { subscription: type, scope: 'reactions:read' });
}

export function editOwn(workspace: Workspace, person: Person, request: EditRequest): void {
  const { channel, message } = ownMessage(workspace, person, request);
  edit(workspace, channel, message, editedContent(workspace, person, request.text ?? ''));
}

export function deleteOwn(workspace: Workspace, person: Person, request: EditRequest): void {
  const { channel, message } = ownMessage(workspace, person, request);
  remove(workspace, channel, message);
}

export function joinOrLeave(workspace: Workspace, person: Person, name: string, isJoining: boolean): void {
  const channel = readableChannel(workspace, person, name);
  if (channel.members.has(person.id) === isJoining) return;
  if (isJoining) channel.members.add(person.id);
  else channel.members.delete(person.id);
  const [subtype, verb] = isJoining ? ['channel_join', 'joined'] : ['channel_leave', 'left'];
  say(workspace, channel, { user: person.id, text: `<@${person.id}> has ${verb} the channel`, subtype });
  const event = {
    type: isJoining ? 'member_joined_channel' : 'member_left_channel',
    user: person.id,
    channel: channel.id,
  };
  publishEvent(
    workspace,
    { ...event, team: person.teamId, event_ts: workspace.time.nextTs() },
    { subscription: event.type, scope: 'channels:read' },
  );
  showChannel(workspace, channel);
}

function target(workspace: Workspace, person: Person, request: { readonly channel: string; readonly ts: string }) {
  const channel = readableChannel(workspace, person, request.channel);
  const message = workspace.messages.get(channel.id, request.ts);
  if (message === undefined)
    throw new GestureError(404, 'no_such_message', `There is no message ${request.ts} in #${channel.name}.`);
  return { channel, message };
}

function ownMessage(workspace: Workspace, person: Person, request: EditRequest) {
  const found = target(workspace, person, request);
  if (found.message.user !== person.id)
    throw new GestureError(403, 'not_allowed', `That message is not ${person.name}'s.`);
  return found;
}

function channelMessages(workspace: Workspace, channel: Channel): StoredMessage[] {
  const top = [...workspace.messages.top(channel.id)];
  const broadcasts = top.flatMap((message) =>
    workspace.messages.replies(channel.id, message.ts).filter((reply) => reply.isBroadcast === true),
  );
  return [...top, ...broadcasts];
}

function threadMessages(workspace: Workspace, channel: Channel, ts: string): StoredMessage[] {
  const parent = workspace.messages.get(channel.id, ts);
  if (parent?.parentTs !== undefined) return threadMessages(workspace, channel, parent.parentTs);
  return [...(parent === undefined ? [] : [parent]), ...workspace.messages.replies(channel.id, ts)];
}
