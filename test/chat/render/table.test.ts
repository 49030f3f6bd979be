import { describe, expect, test } from 'vitest';
import type { TablePart } from '../../../src/chat/message.ts';
import { viewTable, wholeTable } from '../../../src/chat/render/table.ts';

const columns = (...names: string[]) => names.map((name) => ({ name, priority: 0 }));
const table = (part: Partial<TablePart>): TablePart => ({
  kind: 'table',
  columns: columns('NAME', 'AGE'),
  rows: [['web', '5d']],
  filename: 'get.txt',
  ...part,
});
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
const rows = (count: number, name = 'web'): string[][] =>
  Array.from({ length: count }, (_r, index) => [`${name}-${index}`, '5d']);

describe('paging', () => {
  test('25 rows need neither range nor buttons', () => {
    const view = viewTable(table({ rows: rows(25), view: { page: 0, wide: false, id: 'xv' } }), 3_000);

    expect(view.header).toBe('');
    expect(view.buttons).toEqual([]);
    expect(view.needsFile).toBe(false);
  });

  test('a middle page has its range and both neighbours, whose values say where one is', () => {
    const view = viewTable(table({ rows: rows(60), view: { page: 1, wide: false, id: 'xv' } }), 3_000);

    expect(view.header).toBe('26–50 of 60');
    expect(view.text).toContain('web-25');
    expect(view.buttons.map((button) => [button.action, button.value])).toEqual([
      ['prev', 'xv.1.n'],
      ['next', 'xv.1.n'],
    ]);
  });

  test('a page past the end is the last one', () => {
    expect(viewTable(table({ rows: rows(60), view: { page: 9, wide: false, id: 'xv' } }), 3_000).header).toBe(
      '51–60 of 60',
    );
  });

  test('without a stored view the rest is in a file', () => {
    const view = viewTable(table({ rows: rows(26) }), 3_000);

    expect(view.buttons).toEqual([]);
    expect(view.needsFile).toBe(true);
  });

  test('more than a hundred rows are paged and in a file', () => {
    expect(viewTable(table({ rows: rows(101), view: { page: 0, wide: false, id: 'xv' } }), 3_000).needsFile).toBe(true);
  });

  test('no headers means none', () => {
    expect(viewTable(table({ view: { page: 0, wide: false, headers: false } }), 3_000).text).toBe('web   5d');
  });
});

describe('fitting into 78 columns', () => {
  test('optional columns go first, and Wide brings them back', () => {
    const wide = table({
      columns: [...columns('NAME'), { name: 'IP', priority: 1 }, { name: 'NODE', priority: 1 }],
      rows: [['web', '10.0.0.1', 'node-1']],
    });
    const narrow = viewTable({ ...wide, view: { page: 0, wide: false, id: 'xv' } }, 3_000);
    const full = viewTable({ ...wide, view: { page: 0, wide: true, id: 'xv' } }, 3_000);

    // kubectl hides them too; the button is enough.
    expect(narrow.notes).toEqual([]);
    expect(narrow.buttons.map((button) => button.value)).toEqual(['xv.0.n']);
    expect(full.text).toContain('10.0.0.1');
    expect(full.buttons.map((button) => button.action)).toEqual(['narrow']);
  });

  test('labels go before a message is cut, and a message before a name', () => {
    const part = table({
      columns: columns('NAME', 'MESSAGE', 'LABELS'),
      rows: [['web-1', 'm'.repeat(90), 'l'.repeat(50)]],
    });

    const view = viewTable(part, 3_000);

    expect(view.text).toMatch(/^NAME {4}MESSAGE\nweb-1 {3}m+…$/);
    expect(widest(view.text)).toBe(78);
  });

  test('a long name keeps its last twelve characters', () => {
    const part = table({ rows: [[`${'a'.repeat(90)}-7d9f8c-x2x4z`, '5d']] });

    const view = viewTable(part, 3_000);

    expect(view.text).toContain('…7d9f8c-x2x4z');
    expect(widest(view.text)).toBeLessThanOrEqual(78);
    expect(view.notes).toEqual(['Some cells are shortened: use -o wide to see everything.']);
  });

  test('when nothing helps, each row becomes a card', () => {
    const names = ['NAME', 'ALPHA', 'BETA', 'GAMMA', 'DELTA'];
    const part = table({ columns: columns(...names), rows: [['web', ...Array(4).fill('v'.repeat(30))]] });

    expect(viewTable(part, 3_000).text).toMatch(/^NAME: {2}web\nALPHA: v+\n/);
  });

  test('wide never drops or cuts anything', () => {
    const part = table({
      columns: [...columns('NAME', 'MESSAGE'), { name: 'IMAGES', priority: 1 }],
      rows: [['web', 'm'.repeat(90), 'i'.repeat(90)]],
      view: { page: 0, wide: true },
    });

    expect(viewTable(part, 3_000).text).toContain('i'.repeat(90));
  });
});

test('the file holds every row and column', () => {
  const whole = wholeTable(
    table({ columns: [...columns('NAME'), { name: 'IP', priority: 1 }], rows: [['web', '10.0.0.1']] }),
  );

  expect(whole).toBe('NAME   IP\nweb    10.0.0.1\n');
});
