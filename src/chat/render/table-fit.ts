import type { Column } from '../message.ts';
import { cut } from './inert.ts';

export interface Grid {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export interface Fitted {
  readonly lines: readonly string[];
  /** Columns that are not shown. */
  readonly hidden: number;
  /** Of those, the ones that kubectl would show in a narrow terminal too: worth a word. */
  readonly dropped: number;
  /** Some cell lost characters. */
  readonly isShortened: boolean;
  /** One `NAME: value` block per row instead of a grid, because no grid was narrow enough. */
  readonly isCards: boolean;
}

const GAP = 3;
const DROPPED_FIRST = new Set(['NOMINATED NODE', 'READINESS GATES', 'LABELS']);
const SHORTENED_FIRST = new Set([
  ...['IMAGE', 'IMAGES', 'MESSAGE', 'LABELS', 'DETAIL'],
  ...['CAUSE', 'BECAUSE', 'WHAT', 'REASON', 'MEANING'],
]);
/** Lines in a code block are never longer than this. */
const HARD_MAX = 100;
const PROSE_MIN = 16;
const NAME_MIN = 24;
/** Pods end in a hash that tells them apart; the last characters always stay. */
const NAME_TAIL = 12;

/**
 * Fits a table into `width` columns: kubectl's optional columns go first, then prose is cut, then the middle of names, and when nothing
 * helps each row becomes a card. With `keepAll` (`-o wide`) nothing is left out or cut: it is a grid or cards.
 */
export function fitGrid(grid: Grid, width: number, options: { keepAll: boolean; headers: boolean }): Fitted {
  const all = grid.columns.length;
  if (options.keepAll) {
    return widthOf(grid, options.headers) <= width
      ? { lines: draw(grid, options.headers), hidden: 0, dropped: 0, isShortened: false, isCards: false }
      : { lines: cards(grid), hidden: 0, dropped: 0, isShortened: false, isCards: true };
  }
  let narrow = keep(grid, (column) => column.priority === 0);
  if (narrow.columns.length === 0) narrow = grid;
  const usual = narrow.columns.length;
  if (widthOf(narrow, options.headers) > width) narrow = keep(narrow, (column) => !DROPPED_FIRST.has(column.name));
  const [hidden, dropped] = [all - narrow.columns.length, usual - narrow.columns.length];
  const prose = shorten(narrow, width, isProse, PROSE_MIN, cut);
  // A full name can be copied; so a line may be longer than comfortable before a name loses its middle.
  const steps: [Grid, number][] = [
    [narrow, width],
    [prose, width],
    [prose, HARD_MAX],
    [shorten(prose, width, isName, NAME_MIN, cutMiddle), width],
    [shorten(prose, HARD_MAX, isName, NAME_MIN, cutMiddle), HARD_MAX],
  ];
  const found = steps.find(([grid, max]) => widthOf(grid, options.headers) <= max)?.[0];
  if (!found) return { lines: cards(narrow), hidden, dropped, isShortened: false, isCards: true };
  return {
    lines: draw(found, options.headers),
    hidden,
    dropped,
    isShortened: found !== narrow && !isSameRows(found, narrow),
    isCards: false,
  };
}

function isSameRows(a: Grid, b: Grid): boolean {
  return a.rows.every((cells, row) => cells.every((cell, index) => cell === b.rows[row]?.[index]));
}

/** Keeps the start and the last 12 characters. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const tail = text.slice(-NAME_TAIL);
  return `${text.slice(0, max - NAME_TAIL - 1)}…${tail}`.toWellFormed();
}

/** The grid as kubectl prints it: left-aligned, three spaces between columns. */
export function draw(grid: Grid, headers: boolean): string[] {
  const widths = widthsOf(grid, headers);
  const names = grid.columns.map((column) => column.name);
  return [...(headers ? [names] : []), ...grid.rows].map((cells) =>
    widths
      .map((width, index) => (cells[index] ?? '').padEnd(width))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

function cards(grid: Grid): string[] {
  const label = Math.max(0, ...grid.columns.map((column) => column.name.length)) + 1;
  return grid.rows.map((cells) =>
    grid.columns
      .map((column, index) => `${`${column.name}:`.padEnd(label)} ${cells[index] ?? ''}`.trimEnd())
      .join('\n'),
  );
}

function keep(grid: Grid, wanted: (column: Column) => boolean): Grid {
  const indexes = grid.columns.flatMap((column, index) => (wanted(column) ? [index] : []));
  return {
    columns: indexes.map((index) => grid.columns[index] as Column),
    rows: grid.rows.map((cells) => indexes.map((index) => cells[index] ?? '')),
  };
}

/** Cuts the cells of the matching columns by what is over the width, but not below `min`. */
function shorten(
  grid: Grid,
  width: number,
  matches: (column: Column) => boolean,
  min: number,
  shortenCell: (text: string, max: number) => string,
): Grid {
  let rows = grid.rows;
  grid.columns.forEach((column, index) => {
    const over = widthOf({ ...grid, rows }, true) - width;
    if (!matches(column) || over <= 0) return;
    const widest = Math.max(0, ...rows.map((cells) => cells[index]?.length ?? 0));
    const max = Math.max(min, column.name.length, widest - over);
    rows = rows.map((cells) => cells.map((cell, at) => (at === index ? shortenCell(cell, max) : cell)));
  });
  return { columns: grid.columns, rows };
}

function isProse(column: Column): boolean {
  return SHORTENED_FIRST.has(column.name);
}

function isName(column: Column): boolean {
  return column.name === 'NAME';
}

function widthsOf(grid: Grid, headers: boolean): number[] {
  return grid.columns.map((column, index) =>
    Math.max(headers ? column.name.length : 0, ...grid.rows.map((cells) => cells[index]?.length ?? 0)),
  );
}

function widthOf(grid: Grid, headers: boolean): number {
  const widths = widthsOf(grid, headers);
  return widths.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, widths.length - 1);
}
