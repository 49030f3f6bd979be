import { describe, expect, test } from 'vitest';
import { blocksProblem, withIds } from '../../../../../deploy/sandbox/slack/validate/message.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (extra: object = {}) => ({ type: 'button', action_id: 'go', text: plain('Go'), ...extra });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const richText = (...elements: object[]) => ({ type: 'rich_text', elements });
const row = (...cells: string[]) => cells.map((text) => ({ type: 'raw_text', text }));
const option = (value: string) => ({ text: plain(value), value });
const problems = (...blocks: unknown[]) => blocksProblem(blocks)?.problems ?? [];

describe('what Slack takes', () => {
  test.each<[string, object]>([
    ['a section with fields', { type: 'section', fields: [{ type: 'mrkdwn', text: '*a*' }] }],
    ['a header of 150 characters', { type: 'header', text: plain('x'.repeat(150)) }],
    ['a divider', { type: 'divider' }],
    [
      'a context with a picture',
      { type: 'context', elements: [{ type: 'image', image_url: 'https://a.example/b.png', alt_text: 'b' }] },
    ],
    [
      'a button with a confirm dialog',
      actions(
        button({
          confirm: {
            title: plain('Sure?'),
            text: plain('x'),
            confirm: plain('Yes'),
            deny: plain('No'),
            style: 'danger',
          },
        }),
      ),
    ],
    ['an overflow menu', actions({ type: 'overflow', options: [option('a'), option('b')] })],
    [
      'a preformatted text',
      richText({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'NAME  READY' }] }),
    ],
    [
      'nested list items',
      richText({
        type: 'rich_text_list',
        style: 'bullet',
        indent: 1,
        elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U1' }] }],
      }),
    ],
    [
      'a table',
      { type: 'table', rows: [row('NAME', 'READY'), row('web', '1/1')], column_settings: [{ is_wrapped: true }] },
    ],
    [
      'a data table',
      {
        type: 'data_table',
        caption: 'Pods',
        rows: [row('NAME'), row('web')],
        page_size: 25,
        row_header_column_index: 0,
      },
    ],
    ['a markdown block', { type: 'markdown', text: '# hi' }],
    [
      'an input',
      { type: 'input', label: plain('Why'), element: { type: 'plain_text_input', action_id: 'why', multiline: true } },
    ],
  ])('%s', (_name, block) => {
    expect(problems(block)).toEqual([]);
  });
});

describe('what Slack refuses, with the place', () => {
  test.each<[string, object, string]>([
    ['an unknown block', { type: 'chart' }, 'unsupported type: chart [json-pointer:/blocks/0/type]'],
    [
      'an unknown element',
      actions({ type: 'slider' }),
      'unsupported type: slider [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      'a field that does not exist',
      { type: 'divider', colour: 'red' },
      'invalid additional property: colour [json-pointer:/blocks/0]',
    ],
    ['a section without text', { type: 'section' }, 'must define either `text` or `fields` [json-pointer:/blocks/0]'],
    [
      'a section of 3,001 characters',
      section('x'.repeat(3_001)),
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['an empty text', section(''), 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    [
      'mrkdwn in a header',
      { type: 'header', text: { type: 'mrkdwn', text: 'x' } },
      'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
    ],
    [
      'a header of 151 characters',
      { type: 'header', text: plain('x'.repeat(151)) },
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'a button text of 76 characters',
      actions(button({ text: plain('x'.repeat(76)) })),
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      'a button value of 2,001 characters',
      actions(button({ value: 'x'.repeat(2_001) })),
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      'a button style that does not exist',
      actions(button({ style: 'warning' })),
      'invalid value: must be one of primary, danger [json-pointer:/blocks/0/elements/0/style]',
    ],
    [
      '26 elements',
      actions(...Array.from({ length: 26 }, (_, index) => button({ action_id: `a${index}` }))),
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      '11 texts in a context',
      { type: 'context', elements: Array.from({ length: 11 }, () => plain('x')) },
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'the same action twice',
      actions(button(), button()),
      '`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      'six overflow options',
      actions({ type: 'overflow', options: ['a', 'b', 'c', 'd', 'e', 'f'].map(option) }),
      'no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      '101 select options',
      actions({ type: 'static_select', options: Array.from({ length: 101 }, (_, i) => option(`${i}`)) }),
      'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'a confirm text of 301 characters',
      actions(
        button({ confirm: { title: plain('t'), text: plain('x'.repeat(301)), confirm: plain('y'), deny: plain('n') } }),
      ),
      'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
    ],
    [
      'a bold preformatted list',
      richText({ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] }),
      'unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]',
    ],
    [
      'an empty rich text',
      richText({ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] }),
      'must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]',
    ],
    [
      'an empty cell',
      { type: 'table', rows: [row('NAME', '')] },
      'must be more than 0 characters [json-pointer:/blocks/0/rows/0/1/text]',
    ],
    [
      'an empty quote',
      richText({ type: 'rich_text_quote', elements: [] }),
      'no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/elements]',
    ],
    [
      'a table of 101 rows',
      { type: 'table', rows: Array.from({ length: 101 }, () => row('x')) },
      'no more than 100 items allowed [json-pointer:/blocks/0/rows]',
    ],
    [
      'a table of 21 columns',
      { type: 'table', rows: [row(...Array.from({ length: 21 }, () => 'x'))] },
      'no more than 20 items allowed [json-pointer:/blocks/0/rows/0]',
    ],
    [
      'a data table without caption',
      { type: 'data_table', rows: [row('a'), row('b')] },
      'missing required field: caption [json-pointer:/blocks/0]',
    ],
    [
      'a ragged data table',
      { type: 'data_table', caption: 'c', rows: [row('a', 'b'), row('c')] },
      'all rows must have the same number of cells [json-pointer:/blocks/0/rows/1]',
    ],
    [
      'a picture without a source',
      { type: 'image', alt_text: 'x' },
      'must define either `image_url` or `slack_file` [json-pointer:/blocks/0]',
    ],
    [
      'a link that is none',
      actions(button({ url: 'javascript:alert(1)' })),
      'invalid url [json-pointer:/blocks/0/elements/0/url]',
    ],
  ])('%s', (_name, block, problem) => {
    expect(problems(block)).toEqual([problem]);
  });

  test('51 blocks', () => {
    const blocks = Array.from({ length: 51 }, () => ({ type: 'divider' }));
    expect(blocksProblem(blocks)).toEqual({
      error: 'invalid_blocks',
      problems: ['no more than 50 items allowed [json-pointer:/blocks]'],
    });
  });

  test('the same block_id twice', () => {
    const twice = { type: 'divider', block_id: 'x' };
    expect(problems(twice, twice)).toEqual(['`block_id` "x" already exists [json-pointer:/blocks/1/block_id]']);
  });

  test('two tables in one message', () => {
    const table = { type: 'table', rows: [row('x')] };
    expect(problems(table, table)).toEqual(['only one table block is allowed [json-pointer:/blocks]']);
  });

  test('blocks that are fine one by one but longer than 13,200 characters together', () => {
    const blocks = Array.from({ length: 5 }, () => section('x'.repeat(2_900)));
    expect(blocksProblem(blocks)).toEqual({ error: 'msg_blocks_too_long', problems: [] });
  });

  test('something that is no list', () => {
    expect(blocksProblem('[]')).toEqual({ error: 'invalid_blocks_format', problems: [] });
  });
});

test('blocks and elements without ids get some, given ids stay', () => {
  const [block] = withIds([
    { type: 'actions', block_id: 'mine', elements: [button(), { ...button(), action_id: undefined }] },
  ]);

  expect(block?.block_id).toBe('mine');
  const [first, second] = (block?.elements ?? []) as { action_id: string }[];
  expect(first?.action_id).toBe('go');
  expect(second?.action_id).toMatch(/^\w{5}$/);
});
