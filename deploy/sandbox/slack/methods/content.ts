import type { Block } from '../protocol.ts';
import type { Channel } from '../store/channels.ts';
import type { MessageMetadata } from '../store/messages.ts';
import { isFields } from '../validate/checks.ts';
import { attachmentsProblem, blocksProblem, withIds } from '../validate/message.ts';
import type { Workspace } from '../workspace.ts';
import { ApiError, type Args, requireScope, schemaError, structArg, textArg, visibleChannel } from './method.ts';

const MARKDOWN_LIMIT = 12_000;

export interface Content {
  readonly text: string;
  readonly blocks?: readonly Block[] | undefined;
  readonly attachments?: readonly Readonly<Record<string, unknown>>[] | undefined;
}

/** Text, blocks and attachments of a message, checked as Slack checks them. */
export function contentOf(args: Args, options: { readonly mayBeEmpty?: boolean } = {}): Content {
  const text = textArg(args, 'text') ?? '';
  const markdown = textArg(args, 'markdown_text');
  const blocks = structArg(args, 'blocks');
  const attachments = structArg(args, 'attachments');
  if (markdown !== undefined) return markdownContent(markdown, { text, blocks });
  const isEmpty = text === '' && isNothing(blocks) && isNothing(attachments);
  if (isEmpty && options.mayBeEmpty !== true) throw new ApiError('no_text');
  return {
    text,
    blocks: blocks === undefined ? undefined : checkedBlocks(blocks),
    attachments: attachments === undefined ? undefined : checkedAttachments(attachments),
  };
}

function markdownContent(markdown: string, others: { readonly text: string; readonly blocks: unknown }): Content {
  if (others.text !== '' || others.blocks !== undefined) throw new ApiError('markdown_text_conflict');
  if (markdown.length > MARKDOWN_LIMIT) throw new ApiError('msg_too_long');
  return { text: markdown, blocks: withIds([{ type: 'markdown', text: markdown }]) };
}

function checkedBlocks(blocks: unknown): readonly Block[] | undefined {
  const problem = blocksProblem(blocks);
  if (problem !== undefined) throw schemaError(problem.error, problem.problems);
  const list = blocks as readonly unknown[];
  return list.length === 0 ? undefined : withIds(list);
}

function checkedAttachments(attachments: unknown): Content['attachments'] {
  const problem = attachmentsProblem(attachments);
  if (problem !== undefined) throw schemaError(problem.error, problem.problems);
  const list = attachments as readonly Readonly<Record<string, unknown>>[];
  if (list.length === 0) return undefined;
  return list.map((one, index) => ({
    ...one,
    id: index + 1,
    ...(Array.isArray(one.blocks) ? { blocks: withIds(one.blocks) } : {}),
  }));
}

function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** Message metadata: kept, but never shown to people. An empty object removes it. */
export function metadataOf(args: Args): MessageMetadata | undefined {
  const metadata = structArg(args, 'metadata');
  if (metadata === undefined) return undefined;
  if (!isFields(metadata)) throw new ApiError('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return undefined;
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || !isFields(payload)) throw new ApiError('invalid_metadata_schema');
  return { event_type: type, event_payload: payload };
}

/** Where the bot may post: a channel id, `#name`, or a person's id for their direct message. */
export function postChannel(workspace: Workspace, args: Args): Channel {
  const given = textArg(args, 'channel') ?? '';
  const channel = resolveChannel(workspace, given);
  if (channel.isArchived) throw new ApiError('is_archived');
  if (workspace.channels.isBotIn(channel)) return channel;
  if (!workspace.scopes.has('chat:write.public')) throw new ApiError('not_in_channel');
  return channel;
}

function resolveChannel(workspace: Workspace, given: string): Channel {
  const person = /^[UW]/.test(given) ? workspace.people.find(given) : undefined;
  if (person !== undefined) {
    requireScope(workspace, 'im:write', 'chat:write');
    if (person.isDeactivated) throw new ApiError('channel_not_found');
    return workspace.channels.direct([workspace.botUserId, person.id]);
  }
  const named = workspace.channels.all().find((channel) => channel.name !== '' && `#${channel.name}` === given);
  return visibleChannel(workspace, named?.id ?? given);
}

/** The parent to reply to. A reply's own `ts` leads to its parent. */
export function threadParent(workspace: Workspace, channel: Channel, args: Args): string | undefined {
  const ts = textArg(args, 'thread_ts');
  if (ts === undefined || ts === '') return undefined;
  const message = workspace.messages.get(channel.id, ts);
  if (message === undefined) throw new ApiError('thread_not_found');
  return message.parentTs ?? message.ts;
}
