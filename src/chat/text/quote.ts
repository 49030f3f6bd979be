const PLAIN = /^[A-Za-z0-9_./:=@%+,][A-Za-z0-9_./:=@%+,-]*$|^--?[A-Za-z][A-Za-z0-9_./:=@%+,-]*$|^--$/;

/** Words as a line that `normalise` reads back as the same words: how a parsed command is shown to people. */
export function quote(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
