import { looksRandom } from './random.ts';

/**
 * Names that announce a secret, and how far they are to be believed. `password: x` hides whatever x is; `token: expired` is a sentence;
 * `key: value` is hidden only where the value gives itself away.
 */
const CERTAIN =
  'pass(?:word|wd|phrase|code)|passwd|pwd|(?:secret[_-]?)?access[_-]?key(?:[_-]?id)?|secret[_-]?key|api[_-]?key|private[_-]?key|client[_-]?secret|encryption[_-]?key|signing[_-]?key|account[_-]?key|credentials?|dsn|connection[_-]?string';
const LIKELY = '(?:api|auth|access|bearer|session|refresh|bot)?[_-]?token|secret';
const POSSIBLE = 'auth(?:orization)?|cookie|session(?:[_-]?id)?|signature|sig|key|salt|hash';

/** For building patterns: the longer names first, because the first that matches wins. */
export const SECRET_NAMES = `${CERTAIN}|${LIKELY}|${POSSIBLE}`;

const IS_CERTAIN = new RegExp(`(?:${CERTAIN})$`, 'i');
const IS_LIKELY = new RegExp(`(?:${LIKELY})$`, 'i');
const IS_POSSIBLE = new RegExp(`(?:${POSSIBLE})$`, 'i');

/** Not a secret, only the place of one: references, masks, words for "nothing". */
const PLACEHOLDER =
  /^(?:\$[({].{0,80}[)}]|<(?:hidden,|set to|redacted|none|unset|nil|unknown|empty|no\b).*|\[?redacted\]?|\*+|x+|true|false|null|nil|none|undefined|yes|no|~|-|required|optional|missing|invalid|incorrect|wrong|expired|empty|string|set|unset|must|is|not)$/i;
/** What follows a flag in a sentence about it, or in a usage line: `--token is not available`, `--token TOKEN`. */
const ABOUT_A_FLAG =
  /^(?:is|are|was|were|has|had|needs?|must|can|cannot|could|may|might|will|would|should|does|and|or|for|in|on|of|to|with|without|from|the|an?|flags?|options?|not|takes?|[A-Z][A-Z_]{1,15})[.,:;]?$/;
const PLAIN_WORDS = /^[./{]?[A-Za-z]+(?:[-_ ./:,'][A-Za-z]+)*[.,:;!?]?$/;
const OBJECT_NAME = /^[a-z0-9]+(?:[-./][a-z0-9]+)+$/;

/** Whether this value under this name is to be hidden. @param name the whole name; only how it ends counts (`DB_PASSWORD`, `/app/token`). */
export function isSecretUnder(name: string, value: string): boolean {
  if (value === '' || PLACEHOLDER.test(value)) return false;
  const last = name.slice(-80);
  if (IS_CERTAIN.test(last)) return !(/pwd$/i.test(last) && /^[/~]/.test(value));
  if (IS_LIKELY.test(last)) {
    if (/^\d{1,5}$/.test(value)) return false;
    if (/secret$/i.test(last) && OBJECT_NAME.test(value) && !/[0-9a-f]{24}/.test(value)) return false;
    return !PLAIN_WORDS.test(value) || looksRandom(value);
  }
  return IS_POSSIBLE.test(last) && looksRandom(value);
}

/** Whether the word after `--password` or `--token` is to be hidden: there is no prose between a flag and its value, so it nearly always is. */
export function isSecretArgument(name: string, value: string): boolean {
  if (!name.startsWith('-') || ABOUT_A_FLAG.test(value)) return false;
  return IS_LIKELY.test(name) ? value !== '' && !PLACEHOLDER.test(value) : isSecretUnder(name, value);
}
