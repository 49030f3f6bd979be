/** Whether a text is one of those that a list of patterns means. */
export type Matcher = (text: string) => boolean;

/**
 * A matcher for patterns in which `*` stands for any text, also none. No other sign is special, and matching takes time proportional to
 * the text for each pattern, however many stars: nothing a config can hold makes a decision slow.
 * @returns undefined when everything matches, which is also what an absent list means.
 */
export function matcherOf(patterns: readonly string[] | undefined): Matcher | undefined {
  if (patterns === undefined || patterns.includes('*')) return undefined;
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const globs = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  if (globs.length === 0) return (text) => exact.has(text);
  return (text) => exact.has(text) || globs.some((pieces) => matches(pieces, text));
}

/** Leftmost placement of each middle piece is enough: `*` takes whatever lies between. */
function matches(pieces: readonly string[], text: string): boolean {
  const first = pieces[0] as string;
  const last = pieces.at(-1) as string;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (let index = 1; index < pieces.length - 1; index++) {
    const piece = pieces[index] as string;
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}
