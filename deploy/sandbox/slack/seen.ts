import type { ChannelState, SeenFile, SeenMessage, SeenView, StateAnswer } from './protocol.ts';
import type { Channel } from './store/channels.ts';
import type { Ephemeral } from './store/ephemerals.ts';
import { filePreview } from './store/files.ts';
import type { StoredMessage } from './store/messages.ts';
import { type Person, personState } from './store/people.ts';
import type { View } from './store/views.ts';
import { plainMrkdwn } from './text/mrkdwn.ts';
import { plainBlocks, plainText } from './text/plain.ts';
import type { Workspace } from './workspace.ts';

/** What people see: the shapes of `protocol.ts`, made from what is stored. */
export function seenMessage(workspace: Workspace, message: StoredMessage): SeenMessage {
  const replies = message.parentTs === undefined ? workspace.messages.replies(message.channel, message.ts) : [];
  const files = seenFiles(workspace, message.files ?? []);
  const threadTs = message.parentTs ?? (replies.length > 0 ? message.ts : undefined);
  const latest = replies.at(-1)?.ts;
  return {
    channel: message.channel,
    ts: message.ts,
    user: message.user,
    ...(message.botId === undefined ? {} : { bot_id: message.botId }),
    text: message.text,
    ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
    ...(message.attachments === undefined ? {} : { attachments: message.attachments }),
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    reply_count: replies.length,
    reply_users: [...new Set(replies.map((reply) => reply.user))],
    ...(latest === undefined ? {} : { latest_reply: latest }),
    ephemeral: false,
    ...(message.edited === undefined ? {} : { edited: message.edited }),
    files,
    reactions: [...message.reactions].map(([name, users]) => ({ name, users: [...users], count: users.size })),
    ...(message.subtype === undefined ? {} : { subtype: message.subtype }),
    ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
    plain: plainMessage(workspace, message, files),
  };
}

export function seenEphemeral(workspace: Workspace, message: Ephemeral): SeenMessage {
  return {
    channel: message.channel,
    ts: message.ts,
    user: message.user,
    ...(message.botId === undefined ? {} : { bot_id: message.botId }),
    text: message.text,
    ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
    ...(message.attachments === undefined ? {} : { attachments: message.attachments }),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    reply_count: 0,
    reply_users: [],
    ephemeral: true,
    files: [],
    reactions: [],
    plain: plainMessage(workspace, message, []),
  };
}

export function seenView(workspace: Workspace, view: View): SeenView {
  const { definition } = view;
  return {
    id: view.id,
    type: definition.type,
    hash: view.hash,
    callback_id: definition.callback_id ?? '',
    ...(definition.title === undefined ? {} : { title: definition.title.text }),
    ...(definition.submit === undefined ? {} : { submit: definition.submit.text }),
    ...(definition.close === undefined ? {} : { close: definition.close.text }),
    blocks: definition.blocks,
    private_metadata: definition.private_metadata ?? '',
    plain: plainBlocks(definition.blocks, workspace.names),
    ...(view.errors === undefined ? {} : { errors: view.errors }),
    ...(view.trouble === undefined ? {} : { trouble: view.trouble }),
  };
}

export function channelState(workspace: Workspace, channel: Channel, viewer: Person | undefined): ChannelState {
  return workspace.channels.state(channel, viewer, workspace.messages.latestTs(channel.id));
}

/** @param viewer limits channels to what this person may read; absent: everything. */
export function stateAnswer(workspace: Workspace, viewer?: Person): StateAnswer {
  const { app, team } = workspace.world;
  const channels = workspace.channels
    .all()
    .filter((channel) => viewer === undefined || workspace.channels.canRead(viewer, channel))
    .map((channel) => channelState(workspace, channel, viewer));
  const commands = [...workspace.commands.values()].map(({ command, description, usageHint }) => ({
    command,
    description,
    usageHint: usageHint ?? '',
  }));
  return {
    team,
    app: {
      id: app.id,
      name: app.name,
      botUserId: app.botUserId,
      botId: workspace.botId,
      commands,
      sockets: workspace.delivery.sockets.count,
      mode: workspace.delivery.mode,
    },
    people: workspace.people.all().map(personState),
    channels,
    userGroups: workspace.groups
      .all()
      .map(({ id, handle, name, users, isDisabled }) => ({ id, handle, name, users, isDisabled })),
    tips: workspace.world.tips ?? [],
    now: workspace.time.now(),
  };
}

function plainMessage(
  workspace: Workspace,
  message: Pick<StoredMessage, 'text' | 'blocks' | 'attachments'>,
  files: readonly SeenFile[],
): string {
  const { names } = workspace;
  const body = message.blocks === undefined ? plainMrkdwn(message.text, names) : plainBlocks(message.blocks, names);
  const attachments = (message.attachments ?? []).flatMap((attachment) => [
    plainText({ type: 'mrkdwn', text: attachment.pretext }, names),
    plainText({ type: 'mrkdwn', text: attachment.title }, names),
    plainText({ type: 'mrkdwn', text: attachment.text }, names),
    plainBlocks(Array.isArray(attachment.blocks) ? attachment.blocks : [], names),
  ]);
  const named = files.map((file) => `[file: ${file.name}]`);
  return [body, ...attachments, ...named].filter((text) => text !== '' && text !== 'undefined').join('\n');
}

function seenFiles(workspace: Workspace, ids: readonly string[]): SeenFile[] {
  return ids.flatMap((id) => {
    const file = workspace.files.get(id);
    if (file === undefined) return [];
    const preview = filePreview(file);
    return [
      {
        id,
        name: file.name,
        title: file.title,
        mimetype: file.mimetype,
        size: file.size,
        url_private: `/page-files/${id}/${encodeURIComponent(file.name)}`,
        ...(preview === undefined ? {} : { preview }),
      },
    ];
  });
}
