import { UnreadableLine } from './line.ts';

const SPACES = /[\u00A0\u2000-\u200A\u202F\u205F\u3000]/g;
// Soft hyphen, zero-width space and joiners, word joiner, byte order mark: seen as nothing, so they mean nothing.
const INVISIBLE = /\u00AD|\u200B|\u200C|\u200D|\u2060|\uFEFF/g;
const BIDI = /[\u202A-\u202E\u2066-\u2069]/;

/**
 * Unicode hygiene: NFC, one kind of space, nothing invisible, LF.
 * @throws UnreadableLine on a bidirectional control character: with one, what approvers read is not what would run.
 */
export function clean(raw: string): string {
  const text = raw.normalize('NFC').replace(SPACES, ' ').replace(INVISIBLE, '').replace(/\r\n/g, '\n');
  const bidi = text.search(BIDI);
  if (bidi < 0) return text;
  const code = (text.codePointAt(bidi) as number).toString(16).toUpperCase();
  throw new UnreadableLine(
    `Character ${bidi + 1} is U+${code}, an invisible control that reverses the order of text.`,
    text.replace(new RegExp(BIDI, 'g'), '\uFFFD'),
    bidi,
    'Type the command by hand instead of pasting it.',
  );
}
