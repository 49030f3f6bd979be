import type { Button, TablePart } from '../message.ts';
import { cut, inertLine } from './inert.ts';
import { draw, fitGrid, type Grid } from './table-fit.ts';

export const ROWS_PER_PAGE = 25;
/** Beyond this many rows nobody pages any more: the whole goes into a file as well. */
const ROWS_BY_PAGING = 100;
const WIDTH = 78;
const WIDE_WIDTH = 100;

export interface TableView {
  /** `3 pods`, `1–25 of 340`. */
  readonly header: string;
  readonly text: string;
  readonly notes: readonly string[];
  readonly buttons: readonly Button[];
  /** Something cannot be reached from the message itself. */
  readonly needsFile: boolean;
}

/**
 * One page of a table within `maxChars`. A button's value is the view it was pressed on: `<view id>.<page>.<n|w>` (narrow or wide).
 */
export function viewTable(part: TablePart, maxChars: number): TableView {
  const total = part.rows.length;
  const pages = Math.max(1, Math.ceil(total / ROWS_PER_PAGE));
  const page = Math.min(Math.max(0, part.view?.page ?? 0), pages - 1);
  const isWide = part.view?.wide ?? false;
  const headers = part.view?.headers ?? true;
  const start = page * ROWS_PER_PAGE;
  const grid = inertGrid(part, part.rows.slice(start, start + ROWS_PER_PAGE));
  const fitted = fitGrid(grid, isWide ? WIDE_WIDTH : WIDTH, { keepAll: isWide, headers });
  const separator = fitted.isCards ? '\n\n' : '\n';
  const { text, rows } = within(fitted.lines, separator, maxChars, headers && !fitted.isCards ? 1 : 0);
  const isCutOff = rows < grid.rows.length;
  const id = part.view?.id;
  const needsFile = isCutOff || total > ROWS_BY_PAGING || (id === undefined && pages > 1);
  return {
    header: headerOf(part, start, rows, total, pages > 1 || isCutOff),
    text,
    notes: notesOf(fitted, id !== undefined),
    buttons: id === undefined ? [] : pagers(id, page, pages, isWide, fitted.hidden > 0 || fitted.isShortened),
    needsFile,
  };
}

/** The whole table with every column, for a file. */
export function wholeTable(part: TablePart): string {
  const caption = part.caption === undefined ? '' : `${inertLine(part.caption)}\n`;
  return `${caption}${draw(inertGrid(part, part.rows), part.view?.headers ?? true).join('\n')}\n`;
}

function inertGrid(part: TablePart, rows: readonly (readonly string[])[]): Grid {
  const columns = part.columns.map((column) => ({ ...column, name: inertLine(column.name) }));
  return { columns, rows: rows.map((cells) => part.columns.map((_column, index) => inertLine(cells[index] ?? ''))) };
}

/** As many whole entries as fit; at least one, cut if it must be. */
function within(entries: readonly string[], separator: string, maxChars: number, headLines: number) {
  let text = entries[0] ?? '';
  let shown = Math.min(1, entries.length);
  while (shown < entries.length) {
    const next = `${text}${separator}${entries[shown]}`;
    if (next.length > maxChars && shown > headLines) break;
    text = next;
    shown += 1;
  }
  return { text: text.slice(0, Math.max(maxChars, 1)).toWellFormed(), rows: Math.max(0, shown - headLines) };
}

function headerOf(part: TablePart, start: number, shown: number, total: number, hasRange: boolean): string {
  const range = hasRange ? `${start + 1}–${start + shown} of ${total}` : '';
  return [cut(inertLine(part.caption ?? ''), 300), range].filter(Boolean).join(' · ');
}

function notesOf(fitted: ReturnType<typeof fitGrid>, hasButtons: boolean): string[] {
  const where = hasButtons ? 'press Wide' : 'use -o wide';
  if (fitted.dropped > 0) {
    return [`${fitted.dropped} column${fitted.dropped === 1 ? '' : 's'} hidden: ${where} to see everything.`];
  }
  return fitted.isShortened ? [`Some cells are shortened: ${where} to see everything.`] : [];
}

function pagers(id: string, page: number, pages: number, isWide: boolean, isReduced: boolean): Button[] {
  const value = `${id}.${page}.${isWide ? 'w' : 'n'}`;
  const buttons: Button[] = [];
  if (page > 0) buttons.push({ action: 'prev', label: 'Previous page', value });
  if (page < pages - 1) buttons.push({ action: 'next', label: 'Next page', value });
  if (isWide) buttons.push({ action: 'narrow', label: 'Narrow', value });
  else if (isReduced) buttons.push({ action: 'wide', label: 'Wide', value });
  return buttons;
}
