import { type Content, contentOf } from '../methods/content.ts';
import { ApiError } from '../methods/method.ts';
import { edit, remove, say, slackbotSays, whisper } from '../say.ts';
import { seenEphemeral } from '../seen.ts';
import type { ResponseTicket } from '../store/tickets.ts';
import { isFields } from '../validate/checks.ts';
import type { Workspace } from '../workspace.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * What an app says by a `response_url`: a new message for the person (or, with `in_channel`, for everybody), or with `replace_original` and
 * `delete_original` a change of the message whose button was pressed. A slash command has no original: there `replace_original` posts anew.
 * @throws ApiError when Slack would refuse the content.
 */
export function respond(workspace: Workspace, ticket: ResponseTicket, body: Body): void {
  const channel = workspace.channels.get(ticket.channel);
  if (channel === undefined) throw new ApiError('channel_not_found');
  const { original } = ticket;
  if (body.delete_original === true || body.delete_original === 'true') {
    if (original !== undefined) removeOriginal(workspace, ticket);
    return;
  }
  const content = contentOf(body);
  const isReplacing = body.replace_original === true || body.replace_original === 'true';
  if (isReplacing && original !== undefined) {
    replaceOriginal(workspace, ticket, content);
    return;
  }
  const threadTs = typeof body.thread_ts === 'string' && body.thread_ts !== '' ? body.thread_ts : undefined;
  const author = { user: workspace.botUserId, botId: workspace.botId };
  if (body.response_type === 'in_channel') say(workspace, channel, { ...content, ...author, parentTs: threadTs });
  else whisper(workspace, { ...content, ...author, owner: ticket.person, channel: channel.id, threadTs });
}

/** What came with the acknowledgement of a slash command: a text, a message, or nothing. */
export function answerCommand(workspace: Workspace, ticket: ResponseTicket, body: unknown, command: string): void {
  const message = typeof body === 'string' ? { text: body } : body;
  if (
    !isFields(message) ||
    (message.text === undefined && message.blocks === undefined && message.attachments === undefined)
  ) {
    return;
  }
  try {
    respond(workspace, ticket, message);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    slackbotSays(workspace, ticket.person, ticket.channel, `${command} failed with the error "${error.code}"`);
  }
}

function replaceOriginal(workspace: Workspace, ticket: ResponseTicket, content: Content): void {
  const { channel: channelId, person, original } = ticket;
  if (original?.isEphemeral === true) {
    const message = workspace.ephemerals.find(person, channelId, original.ts);
    if (message === undefined) return; // Gone with a reload; Slack says ok all the same.
    Object.assign(message, { text: content.text, blocks: content.blocks, attachments: content.attachments });
    const seen = seenEphemeral(workspace, message);
    workspace.page.toPerson(person, { type: 'message_changed', channel: channelId, message: seen });
    return;
  }
  const channel = workspace.channels.get(channelId);
  const message = workspace.messages.get(channelId, original?.ts ?? '');
  if (channel === undefined || message === undefined) throw new ApiError('message_not_found');
  edit(workspace, channel, message, {
    text: content.text,
    blocks: content.blocks,
    attachments: content.attachments,
    edited: { user: workspace.botUserId, ts: workspace.time.nextTs() },
  });
}

function removeOriginal(workspace: Workspace, ticket: ResponseTicket): void {
  const { channel: channelId, person, original } = ticket;
  if (original === undefined) return;
  if (original.isEphemeral) {
    const message = workspace.ephemerals.find(person, channelId, original.ts);
    if (message === undefined) return;
    workspace.ephemerals.remove(message);
    workspace.page.toPerson(person, { type: 'message_deleted', channel: channelId, ts: message.ts });
    return;
  }
  const channel = workspace.channels.get(channelId);
  const message = workspace.messages.get(channelId, original.ts);
  if (channel !== undefined && message !== undefined) remove(workspace, channel, message);
}
