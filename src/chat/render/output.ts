import { cut, inertText } from './inert.ts';

export const INLINE_CHARS = 3_000;
export const INLINE_LINES = 40;
const LINE_MAX = 500;

/**
 * Long text as its beginning and its end: errors stand at the end, what was asked for at the beginning.
 * @returns the text whole when it fits.
 */
export function headAndTail(raw: string, maxChars: number): { text: string; isWhole: boolean; lines: number } {
  const text = inertText(raw).replace(/\n+$/, '');
  const lines = text.split('\n');
  if (text.length <= maxChars && lines.length <= INLINE_LINES) return { text, isWhole: true, lines: lines.length };
  const room = Math.max(0, maxChars - 60);
  const head = take(lines, Math.floor((room * 2) / 3), 24);
  const tail = take(lines.slice(head.length).reverse(), Math.floor(room / 3), 12).reverse();
  const missing = lines.length - head.length - tail.length;
  const gap = missing > 0 ? `… ${missing} line${missing === 1 ? '' : 's'} not shown …` : '… long lines are cut …';
  return { text: [...head, gap, ...tail].join('\n'), isWhole: false, lines: lines.length };
}

function take(lines: readonly string[], maxChars: number, maxLines: number): string[] {
  const taken: string[] = [];
  let room = maxChars;
  for (const line of lines.slice(0, maxLines)) {
    const short = cut(line, Math.min(LINE_MAX, Math.max(1, maxChars)));
    if (short.length + 1 > room) break;
    room -= short.length + 1;
    taken.push(short);
  }
  return taken;
}
