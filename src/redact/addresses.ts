import { marker } from './marker.ts';

/** Whoever knows these addresses may use them. */
const HOOK =
  /(\b(?:hooks\.slack\.com\/(?:services|workflows|commands|actions)|discord(?:app)?\.com\/api\/webhooks|[\w-]{1,60}\.webhook\.office\.com\/webhookb2)\/)([^\s"'<>\\]{8,512})/g;
const REST = /[^\s"'<>\\]{0,2048}/y;
const USER = /^[^/:@[]{0,128}:/;
/** `host:8080/path@2` has a port where a password would stand. */
const PORT = /^\d{1,5}(?:[/?#,]|$)/;
/** `https://<token>@host` */
const LONG_USER = /^[^/:@]{20,512}@/;
const GO_DSN = /@(?:tcp|unix|udp)\(/g;
const MAX_GO_DSN_CHARS = 256;

/** Passwords inside addresses. */
export function hideInAddresses(text: string): string {
  const shown = text.includes('://') ? hideUserInfo(text) : text;
  return hideInGoDsn(shown.replace(HOOK, (_whole, start: string, secret: string) => start + marker(secret)));
}

/** `scheme://user:password@host`; a password may itself hold `@` and `/`, so everything up to the last `@` of the word belongs to it. */
function hideUserInfo(text: string): string {
  const [first = '', ...pieces] = text.split('://');
  return [first, ...pieces.map(hideInPiece)].join('://');
}

function hideInPiece(piece: string): string {
  REST.lastIndex = 0;
  const word = REST.exec(piece)?.[0] ?? '';
  const at = word.lastIndexOf('@');
  if (at === -1) return piece;
  const user = USER.exec(word)?.[0];
  const secret = user === undefined ? '' : word.slice(user.length, at);
  if (user !== undefined && secret !== '' && !PORT.test(word.slice(user.length, user.length + 8)))
    return user + marker(secret) + piece.slice(at);
  const token = LONG_USER.exec(word)?.[0].slice(0, -1);
  return token === undefined ? piece : marker(token) + piece.slice(token.length);
}

/** Go's MySQL form, `user:password@tcp(host:3306)/db`. */
function hideInGoDsn(text: string): string {
  if (!text.includes('@tcp(') && !text.includes('@unix(') && !text.includes('@udp(')) return text;
  let shown = '';
  let done = 0;
  for (const { index } of text.matchAll(GO_DSN)) {
    const from = passwordStart(text, index, Math.max(done, index - MAX_GO_DSN_CHARS));
    if (from >= index) continue;
    shown += text.slice(done, from) + marker(text.slice(from, index));
    done = index;
  }
  return shown + text.slice(done);
}

/** After the first colon of the word that ends at `end`; `end` itself when there is none. */
function passwordStart(text: string, end: number, limit: number): number {
  let start = end;
  for (let at = end - 1; at >= limit && !/[\s"'<>]/.test(text[at] as string); at--) {
    if (text[at] === ':') start = at + 1;
  }
  return start;
}
