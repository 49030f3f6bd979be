import { marker } from './marker.ts';

const BEGIN = '-----BEGIN ';
const PRIVATE = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
/** What the body of a key without an end may consist of, line ends also as in JSON. */
const BODY = /(?:[A-Za-z0-9+/=\s:,-]|\\{1,7}[nr])*/y;

/** Private keys in PEM and PGP form, whole or cut off. Certificates and public keys stay. One pass: nothing is looked for twice. */
export function hidePrivateKeys(text: string): string {
  let from = text.indexOf(BEGIN);
  if (from === -1) return text;
  let shown = '';
  let done = 0;
  let end = -1;
  while (from !== -1) {
    PRIVATE.lastIndex = from;
    let next = from + BEGIN.length;
    if (PRIVATE.test(text)) {
      const body = PRIVATE.lastIndex;
      const following = text.indexOf(BEGIN, body);
      if (end !== Number.POSITIVE_INFINITY && end < body) end = foundAt(text.indexOf('-----END ', body));
      const stop = end < (following === -1 ? text.length : following) ? endOfLine(text, end) : endOfBody(text, body);
      shown += text.slice(done, from) + marker(text.slice(from, stop));
      done = stop;
      next = stop;
    }
    from = text.indexOf(BEGIN, next);
  }
  return shown + text.slice(done);
}

function foundAt(index: number): number {
  return index === -1 ? Number.POSITIVE_INFINITY : index;
}

function endOfLine(text: string, at: number): number {
  const dashes = text.indexOf('-----', at + 9);
  return dashes === -1 || dashes - at > 80 ? at + 9 : dashes + 5;
}

function endOfBody(text: string, at: number): number {
  BODY.lastIndex = at;
  BODY.test(text);
  return Math.max(BODY.lastIndex, at);
}
