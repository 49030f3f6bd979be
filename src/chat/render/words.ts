import type { FieldValue, Message, Part, Span } from '../message.ts';
import { inertLine, inertText } from './inert.ts';
import { momentWords } from './moment.ts';
import { diffText, progressText } from './parts.ts';
import { headline } from './status.ts';
import { wholeTable } from './table.ts';

/** A message as plain words, whole: for files and for the plain form. */
export function messageWords(message: Message): string {
  const parts = (message.parts ?? []).map(partWords);
  const footer = message.footer === undefined ? [] : [inertLine(message.footer)];
  return [headline(message), ...parts, ...footer].filter(Boolean).join('\n\n');
}

export function partWords(part: Part): string {
  switch (part.kind) {
    case 'text':
      return part.spans.map(spanWords).join('');
    case 'fields':
      return part.fields.map(({ label, value }) => `${inertLine(label)}: ${fieldWords(value)}`).join('\n');
    case 'output':
      return inertText(part.text);
    case 'table':
      return wholeTable(part);
    case 'diff':
      return diffText(part);
    case 'list':
      return part.items.map((item) => `- ${inertLine(item)}`).join('\n');
    // Words alone cannot be pressed.
    case 'buttons':
      return '';
    case 'progress':
      return progressText(part);
  }
}

function fieldWords(value: FieldValue): string {
  if (typeof value === 'string') return inertLine(value);
  return 'spans' in value ? value.spans.map(spanWords).join('') : spanWords(value);
}

function spanWords(span: Span): string {
  if (typeof span === 'string') return inertText(span);
  if ('at' in span) return momentWords(span.at);
  if ('link' in span) return `${inertLine(span.label)} (${inertLine(span.link)})`;
  if ('code' in span) return inertLine(span.code);
  if ('bold' in span) return inertLine(span.bold);
  return inertLine('person' in span ? span.person : span.group);
}
