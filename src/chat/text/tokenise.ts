import { asciiDash, isOddDash, oddDashInside, withAsciiDashes } from './dashes.ts';
import { UnreadableLine, type Word } from './line.ts';
import type { Unit } from './units.ts';

/** Quotes that phones and word processors put where `"` and `'` were typed. */
const SMART_DOUBLE = '“”„‟«»＂';
const SMART_SINGLE = '‘’‚‛′';
const OPERATORS = new Set(['|', '||', '&&', ';', '&', '>', '>>', '<', '2>']);

/**
 * Words by a subset of POSIX quoting: `'…'` literal; `"…"` with `\"`, `\\` and `\n`; a backslash escapes the next character. No globbing,
 * variables, substitution, history or `~`: all of that is data.
 *
 * Smart quotes count only where they delimit: at the start of a word (or of a flag's value) up to a matching one at the end of a word.
 * Between other characters they are data, so `it’s` and JSON survive.
 *
 * @param text the cleaned line that the units' positions refer to, for carets.
 * @param isVerbatim the whole line stood in backticks: smart quotes and dashes are left alone.
 * @throws UnreadableLine on unbalanced quotes, pipes and redirects, and a non-ASCII dash inside an unquoted word.
 */
export function tokenise(units: readonly Unit[], text: string, isVerbatim: boolean): Word[] {
  const words: Word[] = [];
  let index = 0;
  while (index < units.length) {
    if (isSpace(units[index])) index += 1;
    else {
      const scan = new WordScan(units, index, text, isVerbatim);
      words.push(scan.read());
      index = scan.index;
    }
  }
  return words;
}

class WordScan {
  index: number;
  readonly #units: readonly Unit[];
  readonly #start: number;
  readonly #line: string;
  readonly #isVerbatim: boolean;
  #text = '';
  /** The same text with quoted characters blanked, so that rules for bare characters see only those. */
  #bare = '';
  #isQuoted = false;
  #mismatch: Unit['mismatch'];
  #reference: Unit['reference'];

  constructor(units: readonly Unit[], start: number, line: string, isVerbatim: boolean) {
    this.#units = units;
    this.#start = start;
    this.index = start;
    this.#line = line;
    this.#isVerbatim = isVerbatim;
  }

  read(): Word {
    const fenced = this.#readFenced();
    if (fenced) return fenced;
    if (!this.#isVerbatim) this.#readDash();
    while (this.index < this.#units.length && !isSpace(this.#units[this.index])) this.#readOne();
    this.#refuseOperators();
    if (!this.#isVerbatim) this.#refuseDashInside();
    return this.#word(false);
  }

  /** A single word between backticks, taken as it is. */
  #readFenced(): Word | undefined {
    if (!this.#is(this.index, '`')) return undefined;
    let end = this.index + 1;
    while (end < this.#units.length && !isSpace(this.#units[end]) && !this.#is(end, '`')) end += 1;
    if (end === this.index + 1 || !this.#is(end, '`') || !this.#isWordEnd(end + 1)) return undefined;
    for (let at = this.index + 1; at < end; at++) this.#take(this.#units[at] as Unit, true);
    this.index = end + 1;
    return this.#word(true);
  }

  #readDash(): void {
    const first = this.#units[this.index] as Unit;
    if (first.literal || !isOddDash(first.char)) return;
    let rest = '';
    for (let at = this.index + 1; at < this.#units.length && !isSpace(this.#units[at]); at++)
      rest += this.#units[at]?.char;
    const dash = asciiDash(first.char, rest);
    if (dash === undefined) return;
    this.#text = dash;
    this.#bare = dash;
    this.index += 1;
  }

  #readOne(): void {
    const unit = this.#units[this.index] as Unit;
    if (unit.literal) this.#takeNext();
    else if (unit.char === '\\') this.#readEscape();
    else if (unit.char === "'" || unit.char === '"') this.#readQuoted(unit.char, this.#asciiEnd(unit.char));
    else if (!this.#isVerbatim && this.#mayOpenSmart() && SMART_DOUBLE.includes(unit.char)) {
      this.#readQuoted('"', this.#smartEnd(`${SMART_DOUBLE}"`));
    } else if (!this.#isVerbatim && this.#mayOpenSmart() && SMART_SINGLE.includes(unit.char)) {
      this.#readQuoted("'", this.#smartEnd(`${SMART_SINGLE}'`));
    } else this.#takeNext();
  }

  #takeNext(): void {
    this.#take(this.#units[this.index] as Unit, false);
    this.index += 1;
  }

  #readEscape(): void {
    const next = this.#units[this.index + 1];
    if (next === undefined) {
      throw this.#unreadable(
        'The line ends with a backslash.',
        this.index,
        'Remove it, or write \\\\ for a backslash.',
      );
    }
    this.#take(next, true);
    this.index += 2;
  }

  #readQuoted(style: '"' | "'", end: number): void {
    if (end < 0) {
      const open = this.#units[this.index] as Unit;
      throw this.#unreadable(
        `The quote ${open.char} at character ${open.at + 1} is never closed.`,
        this.index,
        'Close it with the same quote, or write \\ before it if it is part of the text.',
      );
    }
    this.#isQuoted = true;
    for (let at = this.index + 1; at < end; at++) {
      const unit = this.#units[at] as Unit;
      const next = this.#units[at + 1];
      const isEscape = style === '"' && !unit.literal && unit.char === '\\' && at + 1 < end;
      if (isEscape && next !== undefined && '"\\n'.includes(next.char)) {
        this.#take(next.char === 'n' ? { ...next, char: '\n' } : next, true);
        at += 1;
      } else this.#take(unit, true);
    }
    this.index = end + 1;
  }

  #asciiEnd(quote: string): number {
    for (let at = this.index + 1; at < this.#units.length; at++) {
      const unit = this.#units[at] as Unit;
      if (unit.literal) continue;
      if (quote === '"' && unit.char === '\\') at += 1;
      else if (unit.char === quote) return at;
    }
    return -1;
  }

  #smartEnd(closers: string): number {
    for (let at = this.index + 1; at < this.#units.length; at++) {
      const unit = this.#units[at] as Unit;
      if (!unit.literal && closers.includes(unit.char) && this.#isWordEnd(at + 1)) return at;
    }
    return -1;
  }

  #mayOpenSmart(): boolean {
    return this.index === this.#start || /^--?[^=]+=$/.test(this.#bare);
  }

  #refuseOperators(): void {
    if (this.#isQuoted) return;
    // `&quot;` and its like are data that happens to end in a semicolon.
    const isChained = this.#bare.endsWith(';') && !/&#?\w+;$/.test(this.#bare);
    if (!OPERATORS.has(this.#text) && !isChained) return;
    throw this.#unreadable(
      `Pipes and redirects don't run here ("${this.#text}").`,
      this.#start,
      'Narrow it with a name, -n, -l or --field-selector; put the character in quotes if it is data.',
    );
  }

  #refuseDashInside(): void {
    const odd = oddDashInside(this.#bare);
    if (odd < 0) return;
    throw this.#unreadable(
      `"${this.#text}" contains a dash that is not "-".`,
      this.#start,
      `Did you mean "${withAsciiDashes(this.#text)}"? Put it in quotes to keep it as typed.`,
    );
  }

  #take(unit: Unit, isQuoted: boolean): void {
    this.#text += unit.char;
    this.#bare += isQuoted || unit.literal ? '\0'.repeat(unit.char.length) : unit.char;
    this.#isQuoted ||= isQuoted;
    this.#mismatch ??= unit.mismatch;
    this.#reference ??= unit.reference;
  }

  #word(isVerbatim: boolean): Word {
    return {
      text: this.#text,
      quoted: this.#isQuoted && !isVerbatim,
      verbatim: isVerbatim || this.#isVerbatim,
      ...(this.#mismatch && { mismatch: this.#mismatch }),
      ...(this.#reference && { reference: this.#reference }),
    };
  }

  #is(index: number, char: string): boolean {
    const unit = this.#units[index];
    return unit !== undefined && !unit.literal && unit.char === char;
  }

  #isWordEnd(index: number): boolean {
    return index >= this.#units.length || isSpace(this.#units[index]);
  }

  #unreadable(message: string, index: number, hint: string): UnreadableLine {
    return new UnreadableLine(message, this.#line, this.#units[index]?.at ?? this.#line.length, hint);
  }
}

function isSpace(unit: Unit | undefined): boolean {
  return unit !== undefined && !unit.literal && /\s/.test(unit.char);
}
