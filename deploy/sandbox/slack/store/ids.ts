import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A new id in Slack's form: a prefix that names the kind (`D`, `V`, `F`, `Ev`, …) and ten capital letters and digits. */
export function slackId(prefix: string): string {
  return prefix + randomText(10);
}

/** Short random text such as Slack gives to blocks without a `block_id`. */
export function randomText(length: number): string {
  let out = '';
  for (const byte of randomBytes(length)) out += ALPHABET[byte % ALPHABET.length];
  return out;
}
