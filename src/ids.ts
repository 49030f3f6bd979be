import { createHash, randomBytes } from 'node:crypto';

/** Crockford-like alphabet without look-alikes: ids are read aloud at 3 a.m. 5 bits a character. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new random id of 12 characters (55 random bits), lower-case letters and digits, never a plain integer. */
export function newId(): string {
  return `x${encode(randomBytes(8)).slice(0, 11)}`;
}

/**
 * The same id for the same facts: how a redelivered Slack envelope becomes the same invocation.
 * 75 bits of SHA-256. The first character is a letter because BullMQ refuses integers as job ids, and `:` never appears.
 */
export function idOf(...facts: string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(facts)).digest();
  return `i${encode(digest).slice(0, 15)}`;
}

/** Hex SHA-256 of a value's canonical JSON (object keys sorted at every level). */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON with object keys sorted at every level, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function encode(bytes: Uint8Array): string {
  let bits = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let out = '';
  for (let left = bytes.length * 8; left >= 5; left -= 5) {
    out += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
  }
  return out;
}
