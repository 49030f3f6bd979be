/**
 * Whether a word looks drawn by a machine from letters of both cases and digits: long, varied, and changing its kind of character often.
 * Digests, UUIDs and names with generated endings are lower case and therefore never match.
 */
export function looksRandom(word: string): boolean {
  if (word.length < 20 || !/^[\w+/=.~-]+$/.test(word) || word.startsWith('/')) return false;
  if (!/[a-z]/.test(word) || !/[A-Z]/.test(word) || !/\d/.test(word)) return false;
  const sample = word.slice(0, 256);
  return changes(sample) >= sample.length * 0.28 && entropy(sample) > 3.5;
}

/** How often the kind of character (lower, upper, digit, other) changes; within words of a language it hardly does. */
function changes(word: string): number {
  let count = 0;
  let before = kindOf(word.charCodeAt(0));
  for (let at = 1; at < word.length; at++) {
    const kind = kindOf(word.charCodeAt(at));
    if (kind !== before) count += 1;
    before = kind;
  }
  return count;
}

function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return 0;
  if (code >= 65 && code <= 90) return 1;
  return code >= 48 && code <= 57 ? 2 : 3;
}

/** Bits per character. */
function entropy(word: string): number {
  const counts = new Map<string, number>();
  for (const char of word) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - (n / word.length) * Math.log2(n / word.length), 0);
}
