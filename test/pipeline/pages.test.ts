import { describe, expect, test } from 'vitest';
import type { Message, TablePart } from '../../src/chat/message.ts';
import { turnPage } from '../../src/pipeline/pages.ts';

const message = (page: number, wide = false): Message => ({
  title: '60 pods',
  parts: [
    {
      kind: 'table',
      filename: 'x.txt',
      columns: [{ name: 'NAME', priority: 0 }],
      rows: Array.from({ length: 60 }, (_, index) => [`pod-${index}`]),
      view: { id: 'i1', page, wide },
    },
  ],
});
const viewOf = (turned: Message) => (turned.parts?.[0] as TablePart | undefined)?.view;

describe('a page of a frozen result', () => {
  test('turns forward and back from the page that the button was on', () => {
    expect(viewOf(turnPage(message(0), 'next', 0, false))).toMatchObject({ page: 1 });
    expect(viewOf(turnPage(message(1), 'prev', 1, false))).toMatchObject({ page: 0 });
  });

  test('stops at the first and at the last one', () => {
    expect(viewOf(turnPage(message(0), 'prev', 0, false))).toMatchObject({ page: 0 });
    expect(viewOf(turnPage(message(2), 'next', 2, false))).toMatchObject({ page: 2 });
    expect(viewOf(turnPage(message(0), 'next', 9_999, false))).toMatchObject({ page: 2 });
  });

  test('becomes wide and narrow without moving', () => {
    expect(viewOf(turnPage(message(1), 'wide', 1, false))).toMatchObject({ page: 1, wide: true });
    expect(viewOf(turnPage(message(1, true), 'narrow', 1, true))).toMatchObject({ page: 1, wide: false });
  });

  test('stays wide while it is turned', () => {
    expect(viewOf(turnPage(message(0), 'next', 0, true))).toMatchObject({ page: 1, wide: true });
  });
});
