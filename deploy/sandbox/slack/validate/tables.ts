import {
  anything,
  bool,
  byType,
  type Check,
  type Fields,
  integer,
  isFields,
  list,
  number,
  object,
  oneOf,
  type Report,
  text,
} from './checks.ts';
import { richTextBlock } from './rich-text.ts';

const TABLE_CHARACTERS = 10_000;

// An empty cell costs the whole message: Slack refuses it like any empty text (vercel/chat#373).
const rawText = object({ type: anything, text: text(TABLE_CHARACTERS, 1) });
const rawNumber = object({ type: anything, value: number, text: text(3_000, 1) });
const cell = byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richTextBlock });
const headerCell = byType({ raw_text: rawText, raw_number: rawNumber });

export const tableBlock: Check = object(
  {
    type: anything,
    'block_id?': text(255),
    rows: list(list(cell, { min: 1, max: 20 }), { min: 1, max: 100 }),
    'column_settings?': list(object({ 'align?': oneOf('left', 'center', 'right'), 'is_wrapped?': bool }), { max: 20 }),
  },
  limitCharacters,
);

export const dataTableBlock: Check = object(
  {
    type: anything,
    'block_id?': text(255),
    caption: text(300, 1),
    // A header and 1 to 100 rows.
    rows: list(list(cell, { min: 1, max: 20 }), { min: 2, max: 101 }),
    'page_size?': integer(1, 100),
    'row_header_column_index?': integer(0, 19),
  },
  (value, at, report) => {
    limitCharacters(value, at, report);
    const rows = Array.isArray(value.rows) ? (value.rows as unknown[]) : [];
    const [header] = rows;
    const headers = Array.isArray(header) ? header : [];
    for (const [index, one] of headers.entries()) headerCell(one, `${at}/rows/0/${index}`, report);
    const width = headers.length;
    rows.forEach((row, index) => {
      if (Array.isArray(row) && row.length !== width)
        report.add(`${at}/rows/${index}`, 'all rows must have the same number of cells');
    });
  },
);

function limitCharacters(value: Fields, at: string, report: Report): void {
  const total = charactersIn(value.rows);
  if (total > TABLE_CHARACTERS)
    report.add(`${at}/rows`, `must be less than ${TABLE_CHARACTERS + 1} characters in all cells`);
}

function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + charactersIn(one), 0);
  if (!isFields(value)) return 0;
  const own = typeof value.text === 'string' ? value.text.length : 0;
  return own + charactersIn(value.elements);
}
