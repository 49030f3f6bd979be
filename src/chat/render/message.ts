import type { KnownBlock, MessageAttachment } from '@slack/types';
import type { Colour, Message, Part } from '../message.ts';
import { actionBlocks, plain } from './buttons.ts';
import { cut, escapeForText, inertLine } from './inert.ts';
import { headAndTail, INLINE_CHARS } from './output.ts';
import { type RenderedPart, renderPart, section } from './parts.ts';
import { headline, STATUS_WORDS, titleOf } from './status.ts';
import { messageWords } from './words.ts';

export interface Rendered {
  /** The notification line, escaped. Carries the result. */
  readonly text: string;
  readonly blocks: KnownBlock[];
  /** The blocks with a coloured bar, under the others. Empty: sent all the same, since an edit leaves alone what it does not name. */
  readonly attachments: MessageAttachment[];
  /** For when Slack refuses the rich blocks: nothing but plain_text sections and the same buttons. */
  readonly plain: {
    readonly text: string;
    readonly blocks: KnownBlock[];
    readonly attachments: MessageAttachment[];
  };
  /** What the message shows only in part. */
  readonly file?: { readonly name: string; readonly content: string };
}

/** Where the whole output will be, if it does not fit: told in the message itself. */
export type FilePlace = 'thread' | 'direct' | 'not-granted' | 'failed';

/**
 * Slack takes 50 blocks and, undocumented, about 13,200 characters of block JSON (bolt-js#2509, `msg_blocks_too_long`). We stay well
 * below, because Slack's own serialisation is not ours.
 */
export const BLOCKS_MAX = 50;
export const JSON_BUDGET = 10_000;
/** How much of each long part is shown, tried from generous to terse until the whole message fits. */
const GENEROSITY = [INLINE_CHARS, 2_000, 1_400, 900, 500, 250, 120];

/** A message as Block Kit, always within Slack's limits, whatever it holds. Pure. */
export function renderMessage(message: Message, options: { files?: FilePlace } = {}): Rendered {
  const files = options.files ?? 'thread';
  const text = cut(escapeForText(noticeOf(message)), 3_000).replace(/&[a-z]*…$/, '…');
  const form = roomiest(message, files);
  return {
    text,
    ...inColour(form, message.colour),
    // Most messages are taken in their rich form, and nobody asks for this one.
    get plain() {
      return { text, blocks: plainBlocks(message, form.file, files), attachments: [] };
    },
    ...(form.file && { file: form.file }),
  };
}

/** How each state looks; the same colours in every client, chosen to differ in lightness, too. */
const COLOURS: Readonly<Record<Colour, string>> = {
  firing: '#D40E0D',
  acked: '#E8A33D',
  snoozed: '#8E8E93',
  resolved: '#2EB67D',
};

/** The title stands above the bar, since Slack shows the text line itself where a message has no blocks of its own. */
function inColour(form: Form, colour: Colour | undefined): Pick<Rendered, 'blocks' | 'attachments'> {
  const [title, ...rest] = form.blocks;
  if (colour === undefined || title === undefined || rest.length === 0) return { blocks: form.blocks, attachments: [] };
  return { blocks: [title], attachments: [{ color: COLOURS[colour], blocks: rest }] };
}

function noticeOf(message: Message): string {
  return message.notice === undefined ? headline(message) : inertLine(message.notice) || headline(message);
}

/** The most generous form that fits; the first try nearly always does. */
function roomiest(message: Message, files: FilePlace): Form {
  for (const maxChars of GENEROSITY) {
    const form = compose(message, maxChars, files);
    if (isWithin(form)) return form;
  }
  return reduced(message, files);
}

interface Form {
  readonly blocks: KnownBlock[];
  readonly file?: { readonly name: string; readonly content: string };
}

function compose(message: Message, maxChars: number, files: FilePlace): Form {
  const parts = (message.parts ?? []).map((part) => renderPart(part, roomFor(part, maxChars)));
  return assemble(message, parts, files);
}

/** Long output shrinks first; our own words keep more room than it until the end. */
function roomFor(part: Part, maxChars: number): number {
  return part.kind === 'output' || part.kind === 'table'
    ? maxChars
    : Math.max(Math.min(maxChars * 2, INLINE_CHARS), 240);
}

/** Too much even so: the first parts that fit, tersely, and everything in a file. */
function reduced(message: Message, files: FilePlace): Form {
  const whole = { name: 'shipmate-answer.txt', content: `${messageWords(message)}\n` };
  const parts = (message.parts ?? []).map((part) => renderPart(part, 120));
  for (let count = parts.length; count > 0; count -= 1) {
    const form = assemble(message, [...parts.slice(0, count).map(withoutFile), { blocks: [], file: whole }], files);
    if (isWithin(form)) return form;
  }
  return assemble({ ...message, buttons: message.buttons?.slice(0, 25) ?? [] }, [{ blocks: [], file: whole }], files);
}

function withoutFile({ blocks }: RenderedPart): RenderedPart {
  return { blocks };
}

function assemble(message: Message, parts: readonly RenderedPart[], files: FilePlace): Form {
  const whole = parts.flatMap((part) => (part.file ? [part.file] : []));
  const file = whole[0] && { name: whole[0].name, content: whole.map((one) => one.content).join('\n') };
  const blocks = [
    ...titleBlocks(message),
    ...parts.flatMap((part) => part.blocks),
    ...(file ? [small(fileNote(file.name, files))] : []),
    ...closing(message),
  ];
  return { blocks, ...(file && { file }) };
}

/** On a living message the small print tells what was done last, which is read before anything is pressed. */
function closing({ buttons = [], footer, colour }: Message): KnownBlock[] {
  const print = footer === undefined ? [] : [small(footer)];
  return colour === undefined ? [...actionBlocks(buttons), ...print] : [...print, ...actionBlocks(buttons)];
}

function titleBlocks(message: Message): KnownBlock[] {
  const title = { type: 'text' as const, text: titleOf(message) || ' ' };
  if (message.status === undefined) return section([{ ...title, style: { bold: true } }]);
  const status = { type: 'text' as const, text: `${STATUS_WORDS[message.status]} `, style: { bold: true } };
  return section([status, title]);
}

function small(text: string): KnownBlock {
  return { type: 'context', elements: [plain(text, 1_000)] };
}

function fileNote(name: string, files: FilePlace): string {
  switch (files) {
    case 'thread':
      return `The whole output is in the thread: ${name}`;
    case 'direct':
      return `The whole output is in your direct messages with Shipmate: ${name}`;
    case 'not-granted':
      return 'The whole output is not attached: this workspace does not grant Shipmate the scope files:write.';
    case 'failed':
      return 'The whole output is not attached: Slack did not take the file. Run the command again to retry.';
  }
}

function isWithin(form: Form): boolean {
  return form.blocks.length <= BLOCKS_MAX && JSON.stringify(form.blocks).length <= JSON_BUDGET;
}

function plainBlocks(message: Message, file: Form['file'], files: FilePlace): KnownBlock[] {
  const { footer, buttons, ...rest } = message;
  const body = headAndTail(messageWords(rest), 5_000).text;
  const sections: KnownBlock[] = chunks(body, 2_900).map((text) => ({
    type: 'section',
    text: { type: 'plain_text', text, emoji: false },
  }));
  return [
    ...sections,
    ...(file ? [small(fileNote(file.name, files))] : []),
    ...actionBlocks((buttons ?? []).slice(0, 10)),
    ...(footer === undefined ? [] : [small(footer)]),
  ];
}

function chunks(text: string, size: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + size);
    if (!text.slice(at, end).isWellFormed()) end -= 1;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces.length > 0 ? pieces : [' '];
}
