import type { Message, Part } from '../message.ts';
import { inertLine, inertText } from './inert.ts';
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
      return part.fields
        .map(
          ({ label, value }) => `${inertLine(label)}: ${inertLine(typeof value === 'string' ? value : value.person)}`,
        )
        .join('\n');
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

function spanWords(span: string | Record<string, string>): string {
  if (typeof span === 'string') return inertText(span);
  if (span.link !== undefined) return `${inertLine(span.label ?? '')} (${inertLine(span.link)})`;
  return inertLine(span.code ?? span.bold ?? span.person ?? span.group ?? '');
}
