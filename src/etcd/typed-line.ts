/** Command lines for people to copy, such as a plan's undo. Pure. */

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
const PRINTABLE = /^[ -~]*$/;
const MAX_LENGTH = 300;

/**
 * Joins words into a line that parses back into the same words, or undefined when that cannot be promised: control characters,
 * non-ASCII letters (phones rewrite them), both kinds of quotes, or a line too long to type.
 */
export function typedLine(words: readonly string[]): string | undefined {
  const quoted = words.map(quote);
  if (quoted.includes(undefined)) return undefined;
  const line = quoted.join(' ');
  return line.length <= MAX_LENGTH ? line : undefined;
}

function quote(word: string): string | undefined {
  if (!PRINTABLE.test(word) || /[\\`]/.test(word)) return undefined;
  if (PLAIN.test(word)) return word;
  if (!word.includes("'")) return `'${word}'`;
  return /["$]/.test(word) ? undefined : `"${word}"`;
}
