import { clean } from './hygiene.ts';
import type { Line, Word } from './line.ts';
import { tokenise } from './tokenise.ts';
import { type Unit, unitsOf } from './units.ts';

const TOOLS = new Set(['kubectl', 'k', 'etcdctl']);
/** A command word before the text: `/k8s`, or the bare word that a mention may start with. */
const COMMAND_WORD = /^(\/\S+|k8s|etcd)$/i;

/**
 * The typed line as words. Pure; the raw text stays with the caller for the audit.
 *
 * In order: Unicode hygiene, Slack's `<…>` tokens, entities, backticks, smart quotes, smart dashes, words; one leading `kubectl`, `k` or
 * `etcdctl` (also after the command word) is dropped. Flags are not looked at here.
 *
 * @param raw as Slack delivered it, with or without its command word.
 * @throws UnreadableLine (a UsageError) with a position, a caret line and a hint; never anything else.
 */
export function normalise(raw: string): Line {
  const text = clean(raw);
  const { before, inside, isVerbatim } = unfence(unitsOf(text));
  const words = [...tokenise(before, text, false), ...tokenise(inside, text, isVerbatim)];
  return dropTool(words);
}

function dropTool(words: Word[]): Line {
  const at = COMMAND_WORD.test(words[0]?.text ?? '') ? 1 : 0;
  const word = words[at];
  const tool = word?.text.toLowerCase() ?? '';
  if (!TOOLS.has(tool)) return { words };
  return { words: words.toSpliced(at, 1), tool: tool as 'kubectl' | 'k' | 'etcdctl' };
}

/**
 * Undoes backticks around the whole text, or around all of it after the command word; then nothing in it is a smart quote or dash.
 * Backticks that do not balance, or that stand elsewhere, are left for the words.
 */
function unfence(units: readonly Unit[]): { before: readonly Unit[]; inside: readonly Unit[]; isVerbatim: boolean } {
  const start = firstInk(units, 0);
  const end = lastInk(units);
  for (const from of [start, firstInk(units, endOfWord(units, start))]) {
    const fence = fenceAt(units, from);
    const inside = units.slice(from + fence, end + 1 - fence);
    const isWrapped = fence > 0 && inside.length > 0 && from + 2 * fence <= end + 1 && fenceBefore(units, end) >= fence;
    if (isWrapped && !inside.some(isTick)) return { before: units.slice(0, from), inside, isVerbatim: true };
  }
  return { before: [], inside: units, isVerbatim: false };
}

function fenceAt(units: readonly Unit[], from: number): number {
  if (!isTick(units[from])) return 0;
  return isTick(units[from + 1]) && isTick(units[from + 2]) ? 3 : 1;
}

function fenceBefore(units: readonly Unit[], end: number): number {
  if (!isTick(units[end])) return 0;
  return isTick(units[end - 1]) && isTick(units[end - 2]) ? 3 : 1;
}

function firstInk(units: readonly Unit[], from: number): number {
  let at = from;
  while (at < units.length && isBlank(units[at])) at += 1;
  return at;
}

function endOfWord(units: readonly Unit[], from: number): number {
  let at = from;
  while (at < units.length && !isBlank(units[at])) at += 1;
  return at;
}

function lastInk(units: readonly Unit[]): number {
  let at = units.length - 1;
  while (at >= 0 && isBlank(units[at])) at -= 1;
  return at;
}

function isTick(unit: Unit | undefined): boolean {
  return unit !== undefined && !unit.literal && unit.char === '`';
}

function isBlank(unit: Unit | undefined): boolean {
  return unit !== undefined && !unit.literal && /\s/.test(unit.char);
}
