import { hideInAddresses } from './addresses.ts';
import { hidePairs } from './pairs.ts';
import { hidePrivateKeys } from './private-keys.ts';
import { hideTokens } from './tokens.ts';

/** Longer texts are cut here: what was not searched is not said. */
export const MAX_SEARCHED_CHARS = 8 * 1024 * 1024;

/** Something without which none of the patterns can match; most texts end here. */
const MAYBE =
  /-----BEGIN|LS0tLS1CRUdJTi|eyJ|:\/\/|@(?:tcp|unix|udp)\(|(?:xox|xapp|gh[pousr]_|github_pat|gl[a-z]{1,6}[-_]|npm_|pypi-|dckr_|AKIA|ASIA|ABIA|ACCA|AIza|ya29|GOCSPX|do[opr]_v1|hv[sbr]\.|[sr]k[-_]|whsec|SG\.|AGE-|H4sIA|SDRzSU)|:AA|hooks\.|webhook|pass|pwd|secret|token|key|salt|hash|sig|cred|dsn|connection|auth|cookie|session|bearer|basic/i;

/**
 * A text without what looks like a secret: private keys, tokens of known forms, passwords in addresses, values beside a name that
 * announces one. Best effort by nature: a password alone on a line looks like any other word.
 *
 * Pure, idempotent, and linear in the length of the text.
 */
export function redactText(text: string): string {
  if (text.length < 4) return text;
  const searched =
    text.length > MAX_SEARCHED_CHARS ? `${text.slice(0, MAX_SEARCHED_CHARS)}\n… (cut: too long to be searched)` : text;
  if (!MAYBE.test(searched)) return searched;
  return hidePairs(hideInAddresses(hideTokens(hidePrivateKeys(searched))));
}
