import { fileObject } from '../store/files.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Workspace } from '../workspace.ts';

/** A message as the Web API and events show it. */
export function messageObject(
  workspace: Workspace,
  message: StoredMessage,
  options: { readonly withMetadata: boolean },
): Record<string, unknown> {
  const replies = message.parentTs === undefined ? workspace.messages.replies(message.channel, message.ts) : [];
  return {
    ...(message.subtype === undefined ? {} : { subtype: message.subtype }),
    ...(message.clientMsgId === undefined ? {} : { client_msg_id: message.clientMsgId }),
    type: 'message',
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: message.team,
    // People of other workspaces, who are here through a shared channel.
    ...(message.team === workspace.world.team.id ? {} : { user_team: message.team, source_team: message.team }),
    ...(message.botId === undefined
      ? {}
      : { bot_id: message.botId, app_id: workspace.world.app.id, bot_profile: botProfile(workspace) }),
    ...(message.username === undefined ? {} : { username: message.username }),
    ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
    ...(message.attachments === undefined ? {} : { attachments: message.attachments }),
    ...(message.edited === undefined ? {} : { edited: message.edited }),
    ...threadFields(workspace, message, replies),
    ...filesOf(workspace, message),
    ...reactionsOf(message),
    ...(options.withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  };
}

function threadFields(
  workspace: Workspace,
  message: StoredMessage,
  replies: readonly StoredMessage[],
): Record<string, unknown> {
  if (message.parentTs !== undefined) {
    const parent = workspace.messages.get(message.channel, message.parentTs);
    return { thread_ts: message.parentTs, ...(parent === undefined ? {} : { parent_user_id: parent.user }) };
  }
  const last = replies.at(-1);
  if (last === undefined) return {};
  const users = [...new Set(replies.map((reply) => reply.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    latest_reply: last.ts,
    reply_users: users,
    is_locked: false,
    subscribed: false,
  };
}

function filesOf(workspace: Workspace, message: StoredMessage): Record<string, unknown> {
  if (message.files === undefined) return {};
  const files = message.files.flatMap((id) => {
    const file = workspace.files.get(id);
    return file === undefined ? [] : [fileObject(file, workspace.baseUrl)];
  });
  return { files, upload: false, display_as_bot: false };
}

function reactionsOf(message: StoredMessage): Record<string, unknown> {
  if (message.reactions.size === 0) return {};
  const reactions = [...message.reactions].map(([name, users]) => ({ name, users: [...users], count: users.size }));
  return { reactions };
}

export function botProfile(workspace: Workspace): Record<string, unknown> {
  return {
    id: workspace.botId,
    app_id: workspace.world.app.id,
    name: workspace.world.app.name,
    deleted: false,
    updated: 0,
    team_id: workspace.world.team.id,
  };
}
