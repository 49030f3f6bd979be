import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/chat/message.ts';
import { renderMessage } from '../../../src/chat/render/message.ts';

const golden = (name: string): string => `./__snapshots__/${name}.json`;
const json = (message: Message): string => `${JSON.stringify(renderMessage(message), null, 2)}\n`;

const pods = (count: number): string[][] =>
  Array.from({ length: count }, (_row, index) => [
    `web-7d9f8c6b5-${String(index).padStart(5, '0')}`,
    '1/1',
    'Running',
    '0',
    '5d',
    '10.0.0.1',
    '<none>',
  ]);
const podColumns = [
  { name: 'NAME', priority: 0 },
  { name: 'READY', priority: 0 },
  { name: 'STATUS', priority: 0 },
  { name: 'RESTARTS', priority: 0 },
  { name: 'AGE', priority: 0 },
  { name: 'IP', priority: 1 },
  { name: 'NOMINATED NODE', priority: 1 },
];

describe('golden messages', () => {
  test('a gate shows everything that will happen and asks natively', async () => {
    const gate: Message = {
      status: 'needs-confirmation',
      title: 'Scale deployment.apps/web from 2 to 5 replicas',
      parts: [
        {
          kind: 'fields',
          fields: [
            { label: 'Cluster', value: 'prod (PROD)' },
            { label: 'Asked by', value: { person: 'U024BE7LH' } },
          ],
        },
        { kind: 'diff', entries: [{ label: 'replicas', before: '2', after: '5' }] },
        {
          kind: 'text',
          spans: ['The HPA ', { code: 'web' }, ' will override this. ', { link: 'https://x.io/r', label: 'Runbook' }],
        },
        { kind: 'list', items: ['deployment.apps/web'] },
      ],
      buttons: [
        { action: 'confirm', label: 'Scale web to 5', value: 'iabc.1', style: 'primary' },
        {
          action: 'cancel',
          label: 'Cancel',
          value: 'iabc.1',
          style: 'primary',
          ask: { title: 'Cancel?', text: 'Nothing will change.', yes: 'Cancel it', no: 'Back' },
        },
      ],
      footer: 'iabc · expires 09:51:07Z; without an answer nothing happens',
    };

    await expect(json(gate)).toMatchFileSnapshot(golden('gate'));
  });

  test('progress is a bar with words', async () => {
    const running: Message = {
      status: 'running',
      title: 'Scaling deployment.apps/web to 5',
      parts: [{ kind: 'progress', done: 3, total: 5, label: 'waiting for 2 pods to become ready' }],
    };

    await expect(json(running)).toMatchFileSnapshot(golden('progress'));
  });

  test('a page of a long table has its range, its pager and a file', async () => {
    const table: Message = {
      status: 'succeeded',
      title: 'get pods (340 rows) on prod/default',
      parts: [
        {
          kind: 'table',
          columns: podColumns,
          rows: pods(340),
          filename: 'get-pods.txt',
          view: { page: 1, wide: false, id: 'xview' },
        },
      ],
    };

    await expect(json(table)).toMatchFileSnapshot(golden('table-page'));
  });

  test('hostile text stays text', async () => {
    const hostile: Message = {
      status: 'failed',
      title: 'pod <!channel> & `web` \u001b[31mred\u001b[0m \u202egpj.exe',
      parts: [
        { kind: 'output', text: 'a ``` b\n<@U024BE7LH> <http://evil.io|click>\u0007\r\nend', filename: 'x.txt' },
        { kind: 'table', columns: [{ name: 'NAME', priority: 0 }], rows: [['<!here>\nx']], filename: 't.txt' },
      ],
    };

    await expect(json(hostile)).toMatchFileSnapshot(golden('hostile'));
  });
});

describe('the notification line', () => {
  test('carries status word and result, with nothing that Slack would parse', () => {
    const { text } = renderMessage({ status: 'succeeded', title: 'scaled <!channel> & co' });

    expect(text).toBe('Succeeded ✅ scaled &lt;!channel&gt; &amp; co');
  });
});

test('a list that is too long ends with how many are missing, and is whole in a file', () => {
  const items = Array.from({ length: 500 }, (_item, index) => `deployment.apps/web-${index}`);

  const { blocks, file } = renderMessage({ title: 'failing', parts: [{ kind: 'list', items }] });

  expect(JSON.stringify(blocks)).toMatch(/… and \d+ more/);
  expect(file?.content.trimEnd().split('\n')).toEqual(items);
});

describe('output', () => {
  const lines = (count: number): string => Array.from({ length: count }, (_line, index) => `line ${index}`).join('\n');

  test('forty short lines are shown whole, without a file', () => {
    const { file, blocks } = renderMessage({
      title: 'logs',
      parts: [{ kind: 'output', text: lines(40), filename: 'l.txt' }],
    });

    expect(file).toBeUndefined();
    expect(JSON.stringify(blocks)).toContain('line 39');
  });

  test('longer output shows head and tail, says what is missing, and goes whole into a file', () => {
    const { file, blocks } = renderMessage({
      title: 'logs',
      parts: [{ kind: 'output', text: lines(500), filename: 'l.txt' }],
    });

    expect(file).toEqual({ name: 'l.txt', content: lines(500) });
    expect(JSON.stringify(blocks)).toMatch(/line 0\\n.*… 464 lines not shown ….*line 499/);
    expect(JSON.stringify(blocks)).toContain('The whole output is in the thread: l.txt');
  });

  test('output that must not be uploaded gets no file', () => {
    const part = { kind: 'output' as const, text: lines(500), filename: 'l.txt', mayUpload: false };

    expect(renderMessage({ title: 'logs', parts: [part] }).file).toBeUndefined();
  });

  test('without the files scope the message says so', () => {
    const message: Message = { title: 'logs', parts: [{ kind: 'output', text: lines(500), filename: 'l.txt' }] };

    expect(JSON.stringify(renderMessage(message, { files: 'not-granted' }).blocks)).toContain('files:write');
  });
});
