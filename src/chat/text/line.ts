import { UsageError } from '../../errors.ts';

/** What was typed, cleaned of everything that Slack, phones and copy-paste put into it, and cut into words. */
export interface Line {
  readonly words: readonly Word[];
  /** The leading tool word that was dropped, lower-case: `kubectl`, `k` or `etcdctl`. */
  readonly tool?: 'kubectl' | 'k' | 'etcdctl';
}

export interface Word {
  readonly text: string;
  /** Some part of it stood in quotes or behind a backslash: it is data, never an operator. */
  readonly quoted: boolean;
  /** It stood between backticks: nothing in it was interpreted. */
  readonly verbatim: boolean;
  /**
   * A link whose label is not its address. `text` holds the address. A change refuses such a word (what was shown is not what would be
   * used); a read may go on.
   */
  readonly mismatch?: { readonly url: string; readonly label: string };
  /** A Slack mention. It stands in `text` as `<@U…>`, `<#C…>`, `<!subteam^S…>` or `<!here>`; only arguments that take one accept it. */
  readonly reference?: Reference;
}

export interface Reference {
  readonly kind: 'user' | 'channel' | 'usergroup' | 'special';
  readonly id: string;
  /** What Slack shows, without its sign; the id where Slack sent none. */
  readonly label: string;
}

/**
 * A line that cannot be read, with the place: `caret` is the line and a `^` under the character, for fixed-width display. The message has
 * the fact in its first line and the caret below.
 */
export class UnreadableLine extends UsageError {
  /** 1-based, in characters of the cleaned text. */
  readonly position: number;
  readonly caret: string;

  constructor(message: string, text: string, index: number, hint: string) {
    const caret = caretUnder(text, index);
    super(`${message}\n${caret}`, { hint });
    this.position = index + 1;
    this.caret = caret;
  }
}

const WINDOW = 60;

function caretUnder(text: string, index: number): string {
  const start = Math.max(0, text.lastIndexOf('\n', index - 1) + 1, index - WINDOW / 2);
  const newline = text.indexOf('\n', index);
  const end = Math.min(newline < 0 ? text.length : newline, start + WINDOW);
  return `${text.slice(start, end)}\n${' '.repeat(index - start)}^`;
}
