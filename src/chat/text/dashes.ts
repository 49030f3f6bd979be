import { UsageError } from '../../errors.ts';

const EM = /[\u2014\u2015]/;
const EN = /[\u2010-\u2013\u2212]/;
const ODD = /[\u2010-\u2015\u2212]/;
const ODD_ALL = /[\u2010-\u2015\u2212]/g;
const LETTER = /\p{L}/u;
const NAME_PART = /[\p{L}\p{N}]/u;

export function isOddDash(char: string | undefined): boolean {
  return char !== undefined && ODD.test(char);
}

/**
 * What a phone made of `-` or `--` at the start of a word. `rest` is the remainder of the word.
 * An em dash before a letter was `--`; an en dash before one letter was `-`, before a longer word `--`; a dash alone was `--`.
 * @returns undefined where the dash stays what it is.
 */
export function asciiDash(dash: string, rest: string): '-' | '--' | undefined {
  if (rest === '') return '--';
  if (!LETTER.test(rest[0] as string)) return undefined;
  if (EM.test(dash)) return '--';
  if (!EN.test(dash)) return undefined;
  return /^\p{L}($|=|\d)/u.test(rest) ? '-' : '--';
}

/** Whether a non-ASCII dash stands between two letters or digits, as in `my–app`. @returns its index, or -1. */
export function oddDashInside(text: string): number {
  for (let index = 1; index < text.length - 1; index++) {
    if (!ODD.test(text[index] as string)) continue;
    if (NAME_PART.test(text[index - 1] as string) && NAME_PART.test(text[index + 1] as string)) return index;
  }
  return -1;
}

/** The same word with ASCII dashes. */
export function withAsciiDashes(text: string): string {
  return text.replace(ODD_ALL, '-');
}

/**
 * For words that must be names, quoted or not. Never silent: `my–app` and `my-app` may both look right to the person.
 * @throws UsageError naming the word that was probably meant.
 */
export function refuseOddDash(word: string): void {
  if (!ODD.test(word)) return;
  throw new UsageError(`"${word}" contains a dash that is not "-".`, {
    hint: `Did you mean "${withAsciiDashes(word)}"?`,
  });
}

/**
 * For words that must be names: odd dashes, an ellipsis and emoji (Slack replaces typed emoticons with `:smile:` codes).
 * @throws UsageError
 */
export function refuseOddName(word: string): void {
  refuseOddDash(word);
  if (word.includes('\u2026')) {
    throw new UsageError(`"${word}" contains "\u2026", which is never part of a name.`, {
      hint: `Did you mean "${word.replaceAll('\u2026', '...')}"?`,
    });
  }
  const emoji = /:[a-z0-9_+'-]+:/.exec(word)?.[0] ?? /\p{Extended_Pictographic}/u.exec(word)?.[0];
  if (emoji !== undefined) {
    throw new UsageError(`"${word}" contains the emoji ${emoji}, which is never part of a name.`, {
      hint: 'Slack turns emoticons into emoji while you type; put the word between backticks.',
    });
  }
}
