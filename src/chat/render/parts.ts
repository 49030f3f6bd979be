import type { KnownBlock, RichTextBlock, RichTextElement } from '@slack/types';
import type { DiffPart, FieldsPart, FieldValue, ListPart, Part, ProgressPart, Span, TextPart } from '../message.ts';
import { actionBlocks, plain } from './buttons.ts';
import { cut, inertLine, inertText } from './inert.ts';
import { moment } from './moment.ts';
import { headAndTail } from './output.ts';
import { viewTable, wholeTable } from './table.ts';

export interface RenderedPart {
  readonly blocks: KnownBlock[];
  /** Set when the message shows only some of it. */
  readonly file?: { readonly name: string; readonly content: string };
}

const PERSON = /^[UW][A-Z0-9]+$/;
const GROUP = /^S[A-Z0-9]+$/;
const WEB = /^https?:\/\/\S+$/;
const BAR_CELLS = 10;

/** One part as blocks in which Slack parses nothing, each with at most about `maxChars` of text. */
export function renderPart(part: Part, maxChars: number): RenderedPart {
  switch (part.kind) {
    case 'text':
      return { blocks: section(spans(part.spans, maxChars)) };
    case 'fields':
      return { blocks: section(fields(part, maxChars)) };
    case 'buttons':
      return { blocks: actionBlocks(part.buttons) };
    case 'list':
      return list(part, maxChars);
    case 'progress':
      return { blocks: section([{ type: 'text', text: progressText(part) }]) };
    case 'diff': {
      const whole = diffText(part);
      const { text, isWhole } = headAndTail(whole, maxChars);
      return { blocks: preformatted(text), ...(!isWhole && { file: { name: 'changes.txt', content: `${whole}\n` } }) };
    }
    case 'output': {
      const { text, isWhole } = headAndTail(part.text, maxChars);
      const needsFile = !isWhole && part.mayUpload !== false;
      return {
        blocks: preformatted(text),
        ...(needsFile && { file: { name: part.filename, content: inertText(part.text) } }),
      };
    }
    case 'table': {
      const view = viewTable(part, maxChars);
      const notes: KnownBlock[] = view.notes.map((note) => ({ type: 'context', elements: [plain(note, 300)] }));
      return {
        blocks: [
          ...(view.header ? section([{ type: 'text', text: view.header, style: { bold: true } }]) : []),
          ...preformatted(view.text),
          ...notes,
          ...actionBlocks(view.buttons),
        ],
        ...(view.needsFile && { file: { name: part.filename, content: wholeTable(part) } }),
      };
    }
  }
}

/** `▓▓▓▓▓▓░░░░ 3/5 waiting for 2 pods`: read aloud it still says where things stand. */
export function progressText(part: ProgressPart): string {
  const label = cut(inertLine(part.label), 300).trim();
  if (part.total <= 0) return label === '' ? 'Working …' : label;
  const filled = Math.round((Math.min(Math.max(part.done, 0), part.total) / part.total) * BAR_CELLS);
  return `${'▓'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${part.done}/${part.total} ${label}`.trimEnd();
}

/** `replicas: 2 → 5`, or before and after on lines of their own where that would be too wide. Never cut: people approve this. */
export function diffText(part: DiffPart): string {
  return part.entries
    .map(({ label, before, after }) => {
      const line = `${inertLine(label)}: ${inertLine(before)} → ${inertLine(after)}`;
      const isShort = line.length <= 78 && !/\n/.test(before.trim() + after.trim());
      return isShort ? line : [`${inertLine(label)}:`, ...marked('-', before), ...marked('+', after)].join('\n');
    })
    .join('\n');
}

export function section(elements: RichTextElement[]): RichTextBlock[] {
  if (elements.length === 0) return [];
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
}

function marked(mark: string, text: string): string[] {
  return inertText(text)
    .split('\n')
    .map((line) => `  ${mark} ${line}`);
}

function preformatted(text: string): RichTextBlock[] {
  // Slack refuses an empty text element.
  const element = { type: 'text' as const, text: text || ' ' };
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [element] }] }];
}

function spans(given: TextPart['spans'], maxChars: number): RichTextElement[] {
  const elements: RichTextElement[] = [];
  let room = maxChars;
  for (const span of given) {
    if (room <= 0) break;
    const element = spanElement(span, room);
    room -= 'text' in element ? (element.text?.length ?? 0) : 12;
    if (!('text' in element) || element.text) elements.push(element);
  }
  return elements;
}

function spanElement(span: Span, room: number): RichTextElement {
  if (typeof span === 'string') return { type: 'text', text: cut(inertText(span), room) };
  if ('code' in span) return { type: 'text', text: cut(inertLine(span.code), room), style: { code: true } };
  if ('bold' in span) return { type: 'text', text: cut(inertLine(span.bold), room), style: { bold: true } };
  if ('person' in span) return person(span.person);
  if ('group' in span) return group(span.group);
  if ('at' in span) return moment(span.at);
  const label = cut(inertLine(span.label), room) || 'link';
  if (!WEB.test(span.link) || span.link.length > 3_000) return { type: 'text', text: label };
  return { type: 'link', url: span.link, text: label };
}

function person(id: string): RichTextElement {
  return PERSON.test(id) ? { type: 'user', user_id: id } : { type: 'text', text: cut(inertLine(id), 80) || '?' };
}

function group(id: string): RichTextElement {
  return GROUP.test(id)
    ? { type: 'usergroup', usergroup_id: id }
    : { type: 'text', text: cut(inertLine(id), 80) || '?' };
}

function fields(part: FieldsPart, maxChars: number): RichTextElement[] {
  const each = Math.max(40, Math.floor(maxChars / Math.max(1, part.fields.length)));
  return part.fields.flatMap(({ label, value }, index): RichTextElement[] => {
    const end = index < part.fields.length - 1 ? '\n' : '';
    const name: RichTextElement = { type: 'text', text: `${cut(inertLine(label), 80)}: `, style: { bold: true } };
    if (typeof value === 'string') return [name, { type: 'text', text: `${cut(inertLine(value), each) || '–'}${end}` }];
    return [name, ...fieldValue(value, each), ...(end ? [{ type: 'text' as const, text: end }] : [])];
  });
}

function fieldValue(value: Exclude<FieldValue, string>, room: number): RichTextElement[] {
  return 'spans' in value ? spans(value.spans, room) : [spanElement(value, room)];
}

function list(part: ListPart, maxChars: number): RenderedPart {
  const shown: string[] = [];
  let room = maxChars;
  for (const item of part.items) {
    const text = cut(inertLine(item), 500) || '–';
    // Each item costs its own JSON as well.
    if (shown.length > 0 && text.length + 90 > room) break;
    room -= text.length + 90;
    shown.push(text);
  }
  const missing = part.items.length - shown.length;
  if (missing > 0) shown.push(`… and ${missing} more`);
  if (shown.length === 0) return { blocks: [] };
  const elements = shown.map((text) => ({
    type: 'rich_text_section' as const,
    elements: [{ type: 'text' as const, text }],
  }));
  const content = part.items.map((item) => `${inertLine(item)}\n`).join('');
  return {
    blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements }] }],
    ...(missing > 0 && { file: { name: 'list.txt', content } }),
  };
}
