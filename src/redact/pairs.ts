import { marker } from './marker.ts';
import { isSecretUnder, SECRET_NAMES } from './names.ts';

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
const BARE = `(?:<hidden, \\d+ bytes>|[^\\s"'\\\\;&,]|\\\\(?!\\\\{0,6}["'nrt])|[;&,](?![\\w.-]{1,40}\\s?[=:]|\\s|$))+`;
const VALUE = `${STAYS}(${QUOTED}|${BARE})`;
const PAIR = new RegExp(
  `(${SECRET_NAMES})((?:${ESCAPES}["'])?${COLOUR}[ \\t]{0,40}(?::=|=>|[=:])[ \\t]{0,40}${COLOUR})${VALUE}`,
  'gi',
);
const HAS_FLAG = /(?:^|[\s"'[,=])--?[A-Za-z]/;
const FLAG = new RegExp(`(${SECRET_NAMES})([ \\t]{1,4})${STAYS}(${QUOTED}|[^\\s"'-][^\\s"']*)`, 'gi');
const ENTRY = new RegExp(
  `(\\bname${ESCAPES}["']?[ \\t]{0,4}[:=][ \\t]{0,4}${ESCAPES}["']?)([\\w.-]{1,80})(${ESCAPES}["']?,?(?:\\\\{1,7}n|\\s){0,40}${ESCAPES}["']?value${ESCAPES}["']?[ \\t]{0,4}[:=][ \\t]{0,4})${VALUE}`,
  'gi',
);

export function hidePairs(text: string): string {
  const paired = text.replace(PAIR, (whole: string, name: string, between: string, value: string, at: number) =>
    around(whole, value, (bare) => isSecretUnder(wordBefore(text, at) + name, bare), name + between),
  );
  const flagged = HAS_FLAG.test(paired)
    ? paired.replace(FLAG, (whole: string, name: string, between: string, value: string, at: number) =>
        wordBefore(paired, at).startsWith('-')
          ? around(whole, value, (bare) => isArgument(name, bare), name + between)
          : whole,
      )
    : paired;
  if (!flagged.includes('alue') && !flagged.includes('VALUE')) return flagged;
  return flagged.replace(ENTRY, (whole: string, start: string, name: string, between: string, value: string) =>
    around(whole, value, (bare) => isSecretUnder(name, bare), start + name + between),
  );
}

/** After `--token` there is no prose, so whatever stands there is one. */
function isArgument(name: string, value: string): boolean {
  return /(?:token|secret)$/i.test(name) ? value !== '' : isSecretUnder(name, value);
}

/** The match with its value hidden; quotes and the brackets that close what is around stay. */
function around(whole: string, value: string, isSecret: (bare: string) => boolean, start: string): string {
  const open = /^\\{0,7}["']/.exec(value)?.[0] ?? '';
  if (open === '' && !isSecret(value)) return whole;
  const isClosed = open !== '' && value.length >= 2 * open.length && value.endsWith(open);
  const end = value.length - (open === '' ? closingBrackets(value) : isClosed ? open.length : 0);
  const bare = value.slice(open.length, end);
  return isSecret(bare) ? start + open + marker(bare) + value.slice(end) : whole;
}

function closingBrackets(value: string): number {
  let count = 0;
  while (count < value.length && ')]}'.includes(value[value.length - 1 - count] as string)) count += 1;
  return count;
}

/** The part of the word that stands before a match: `--db-` of `--db-password`. At most 64 characters are looked at. */
function wordBefore(text: string, at: number): string {
  let start = at;
  while (start > 0 && at - start < 64 && /[\w.-]/.test(text[start - 1] as string)) start -= 1;
  return text.slice(start, at);
}
