import type { Block } from '../protocol.ts';
import { randomText } from '../store/ids.ts';
import { checkBlocks } from './blocks.ts';
import { isFields, Report } from './checks.ts';

/** Undocumented, seen in the field: the JSON text of all blocks of a message (bolt-js#2509). */
const BLOCKS_CHARACTERS = 13_200;
const ATTACHMENTS = 100;

export interface MessageProblem {
  readonly error:
    | 'invalid_blocks'
    | 'invalid_blocks_format'
    | 'msg_blocks_too_long'
    | 'invalid_attachments'
    | 'too_many_attachments';
  readonly problems: readonly string[];
}

/** @returns what Slack would refuse these blocks for, if anything. */
export function blocksProblem(blocks: unknown): MessageProblem | undefined {
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format', problems: [] };
  const report = new Report('message');
  checkBlocks(blocks, '/blocks', report);
  if (report.problems.length > 0) return { error: 'invalid_blocks', problems: report.problems };
  if (JSON.stringify(blocks).length > BLOCKS_CHARACTERS) return { error: 'msg_blocks_too_long', problems: [] };
  return undefined;
}

export function attachmentsProblem(attachments: unknown): MessageProblem | undefined {
  if (!Array.isArray(attachments)) return { error: 'invalid_attachments', problems: [] };
  if (attachments.length > ATTACHMENTS) return { error: 'too_many_attachments', problems: [] };
  const report = new Report('message');
  attachments.forEach((attachment, index) => {
    if (!isFields(attachment)) report.add(`/attachments/${index}`, 'must provide an object');
    else if (attachment.blocks !== undefined) checkBlocks(attachment.blocks, `/attachments/${index}/blocks`, report);
  });
  if (report.problems.length > 0) return { error: 'invalid_attachments', problems: report.problems };
  const blocks = attachments.flatMap((attachment) => (isFields(attachment) ? (attachment.blocks ?? []) : []));
  if (JSON.stringify(blocks).length > BLOCKS_CHARACTERS) return { error: 'msg_blocks_too_long', problems: [] };
  return undefined;
}

/** Slack gives a `block_id` to every block and an `action_id` to every interactive element that came without. */
export function withIds(blocks: readonly unknown[]): Block[] {
  return blocks.map((block) => {
    const fields = block as Block;
    const id = typeof fields.block_id === 'string' && fields.block_id !== '' ? fields.block_id : randomText(5);
    const filled: Record<string, unknown> = { ...fields, block_id: id };
    if (Array.isArray(fields.elements)) filled.elements = fields.elements.map(withActionId);
    if (isFields(fields.accessory)) filled.accessory = withActionId(fields.accessory);
    if (isFields(fields.element)) filled.element = withActionId(fields.element);
    if (Array.isArray(fields.actions)) filled.actions = fields.actions.map(withActionId);
    if (Array.isArray(fields.child_blocks)) filled.child_blocks = withIds(fields.child_blocks);
    if (fields.type === 'carousel' && Array.isArray(fields.elements)) filled.elements = withIds(fields.elements);
    return filled as Block;
  });
}

const PASSIVE = new Set(['image', 'plain_text', 'mrkdwn', 'card', 'url']);

function withActionId(element: unknown): unknown {
  if (!isFields(element) || typeof element.type !== 'string') return element;
  const isRichText = element.type.startsWith('rich_text') && element.type !== 'rich_text_input';
  if (PASSIVE.has(element.type) || isRichText) return element;
  return typeof element.action_id === 'string' && element.action_id !== ''
    ? element
    : { ...element, action_id: randomText(5) };
}
