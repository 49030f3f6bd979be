/**
 * Untrusted text made harmless before it is shown: no terminal escapes, no controls, nothing that reorders or hides what people read.
 * Mentions, links and backticks need no escaping where we put text: rich_text and plain_text elements parse nothing.
 */

const ESC = String.fromCharCode(0x1b);
const BEL = String.fromCharCode(0x07);
const C1_CSI = String.fromCharCode(0x9b);
// CSI (with its C1 form), OSC up to BEL or ST, other two-character escapes.
const ANSI = new RegExp(
  `(?:${ESC}\\[|${C1_CSI})[0-?]*[ -/]*[@-~]|${ESC}\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)?|${ESC}[ -/]*[0-~]?`,
  'g',
);
const CONTROL = /(?![\n\t])\p{Cc}/gu;
const HIDDEN = /[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;

/** Several lines; tabs and line feeds stay. */
export function inertText(text: string): string {
  const lines = text.toWellFormed().replace(ANSI, '').replace(/\r\n?/g, '\n');
  return lines.replace(CONTROL, '').replace(HIDDEN, '');
}

/** One line: line breaks and tabs become a space. */
export function inertLine(text: string): string {
  return inertText(text)
    .replace(/[\n\t]+/g, ' ')
    .trim();
}

/** At most `max` UTF-16 units, ending in `…` when something is missing; never half a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text.slice(0, Math.max(0, max - 1));
  return `${head.isWellFormed() ? head : head.slice(0, -1)}…`;
}

/** For the one place where Slack parses text, the notification line: `& < >` as entities, so that nothing in it can mention or link. */
export function escapeForText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
