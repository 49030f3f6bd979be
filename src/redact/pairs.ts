import { marker } from './marker.ts';
import { isSecretArgument, isSecretUnder, SECRET_NAMES } from './names.ts';

/**
 * `password=…`, `"token": "…"`, `--token …`, `{"name":"DB_PASSWORD","value":"…"}`: values beside a name that announces a secret, in
 * command lines, logfmt, YAML, JSON, JSON inside a JSON string, connection strings and query strings.
 *
 * No pattern here begins with an open repetition and every repetition is bounded or cannot overlap with what follows, so the time grows
 * with the length of the text and nothing else.
 */
const COLOUR = '(?:\\x1b\\[[0-9;]{0,8}m)?';
/** What is hidden already, and kubectl's word for where a value comes from, stay. */
const STAYS = '(?!\\\\{0,7}["\']?<(?:hidden, |set to the key ))';
/** In a JSON string within a JSON string every quote has a backslash before it, one level deeper three. */
const ESCAPES = '\\\\{0,7}';
const QUOTED = [
  '"(?:[^"\\\\\\n]|\\\\[^\\n]){0,8192}"',
  '\\\\"(?:[^"\\\\\\n]|\\\\\\\\(?:\\\\["\\\\]|[^"\\\\\\n])|\\\\[^"\\\\\\n]){0,8192}\\\\"',
  '\\\\{3}"(?:[^"\\\\\\n]|\\\\{7}"|\\\\{1,2}[^"\\\\\\n]|\\\\{4,6}[^"\\\\\\n]){0,8192}\\\\{3}"',
  "'[^'\\n]{0,8192}'",
  // Cut off before its end.
  `${ESCAPES}["'][^"'\\s\\\\]+`,
].join('|');
/** A separator ends the bare value only where the next pair begins: `password=a;b;Server=c`. */
const BARE = `(?:<hidden, \\d+ bytes>|[^\\s\\x1b"'\\\\;&,]|\\\\(?!\\\\{0,6}["'nrt])|[;&,](?![\\w.-]{1,40}\\s?[=:]|\\s|$))+`;
const VALUE = new RegExp(`${STAYS}(?:${QUOTED}|${BARE})`, 'y');
const ARGUMENT = new RegExp(`${STAYS}(?:${QUOTED}|[^\\s"'-][^\\s"']*)`, 'y');
const PAIR = new RegExp(
  `(${SECRET_NAMES})(?:${ESCAPES}["'])?${COLOUR}[ \\t]{0,40}(?::=|=>|:(?!=)|=(?!>))[ \\t]{0,40}${COLOUR}`,
  'gi',
);
const HAS_FLAG = /(?:^|[\s"'[,=])--?[A-Za-z]/;
const FLAG = new RegExp(`(${SECRET_NAMES})[ \\t]{1,4}`, 'gi');
const ENTRY = new RegExp(
  `\\bname${ESCAPES}["']?[ \\t]{0,4}[:=][ \\t]{0,4}${ESCAPES}["']?([\\w.-]{1,80})${ESCAPES}["']?,?(?:\\\\{1,7}n|\\s){0,40}${ESCAPES}["']?value${ESCAPES}["']?[ \\t]{0,4}[:=][ \\t]{0,4}`,
  'gi',
);

export function hidePairs(text: string): string {
  const paired = hideAfter(text, PAIR, VALUE, isSecretUnder);
  const flagged = HAS_FLAG.test(paired) ? hideAfter(paired, FLAG, ARGUMENT, isSecretArgument) : paired;
  if (!flagged.includes('alue') && !flagged.includes('VALUE')) return flagged;
  return hideAfter(flagged, ENTRY, VALUE, isSecretUnder);
}

/**
 * So much of a value decides whether it is one. Without a limit `key=key=key=…` would be read to its end for each `key=`; a name that
 * decides by itself needs none, because its value is hidden and not read again.
 */
const DECIDING_CHARS = 512;

/** Hides the values that follow `before`, which captures the name. What is no secret is read again: it may hold another pair. */
function hideAfter(
  text: string,
  before: RegExp,
  value: RegExp,
  isSecret: (name: string, bare: string) => boolean,
): string {
  let shown = '';
  let done = 0;
  before.lastIndex = 0;
  for (let found = before.exec(text); found; found = before.exec(text)) {
    const at = before.lastIndex;
    const name = wordBefore(text, found.index) + found[1];
    const first = valueAt(text.slice(at, at + DECIDING_CHARS), 0, value);
    if (first === undefined || !isSecret(name, bareOf(first).bare)) continue;
    const whole = valueAt(text, at, value) ?? first;
    const { open, bare, close } = bareOf(whole);
    shown += text.slice(done, at) + open + marker(bare) + close;
    done = at + whole.length;
    before.lastIndex = done;
  }
  return shown + text.slice(done);
}

function valueAt(text: string, at: number, value: RegExp): string | undefined {
  value.lastIndex = at;
  return value.exec(text)?.[0];
}

/** A value without its quotes, or without the brackets that close what is around it. */
function bareOf(value: string): { readonly open: string; readonly bare: string; readonly close: string } {
  const open = /^\\{0,7}["']/.exec(value)?.[0] ?? '';
  const isClosed = open !== '' && value.length >= 2 * open.length && value.endsWith(open);
  const end = value.length - (open === '' ? closingBrackets(value) : isClosed ? open.length : 0);
  return { open, bare: value.slice(open.length, end), close: value.slice(end) };
}

function closingBrackets(value: string): number {
  let count = 0;
  if (/^\$[({]/.test(value)) return 0;
  while (count < value.length && ')]}'.includes(value[value.length - 1 - count] as string)) count += 1;
  return count;
}

/** The part of the word that stands before a match: `--db-` of `--db-password`. At most 64 characters are looked at. */
function wordBefore(text: string, at: number): string {
  let start = at;
  while (start > 0 && at - start < 64 && /[\w.-]/.test(text[start - 1] as string)) start -= 1;
  return text.slice(start, at);
}
