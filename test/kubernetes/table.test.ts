import { expect, test } from 'vitest';
import type { ObjectMeta } from '../../src/kubernetes/cluster.ts';
import { sortPath, sortRows } from '../../src/kubernetes/sort-by.ts';
import { cellText, labelsText, layOut, type ServerTable, tableOf, typePrefix } from '../../src/kubernetes/table.ts';

const plain = { namespaces: false, labelColumns: [], labels: false };

function table(cells: readonly unknown[], metadata: ObjectMeta = {}): ServerTable {
  return {
    columns: [
      { name: 'Name', priority: 0 },
      { name: 'Ready', priority: 0 },
      { name: 'Node', priority: 1 },
    ],
    rows: [{ cells, object: { metadata } }],
  };
}

test.each([
  [null, ''],
  [undefined, ''],
  ['text', 'text'],
  [0, '0'],
  [false, 'false'],
  [['a'], '["a"]'],
  ['one\ntwo', 'one...'],
  ['one\rtwo', 'one...'],
  ['one\ftwo', 'one...'],
  ['\n', '...'],
  ['\u001b[31mred', '^[[31mred'],
])('the cell %j is shown as %j', (value, text) => {
  expect(cellText(value)).toBe(text);
});

test('headers are upper-case and keep their priority', () => {
  const { columns, rows } = layOut(table(['web', '1/1', 'node-1']), plain);

  expect(columns).toEqual([
    { name: 'NAME', priority: 0 },
    { name: 'READY', priority: 0 },
    { name: 'NODE', priority: 1 },
  ]);
  expect(rows).toEqual([['web', '1/1', 'node-1']]);
});

test('namespaces come first, label columns and labels last, types before names', () => {
  const metadata = { namespace: 'shop', labels: { 'example.com/zone': 'b', app: 'web' } };
  const { columns, rows } = layOut(table(['web', '1/1', 'node-1'], metadata), {
    namespaces: true,
    labelColumns: ['example.com/zone', 'missing'],
    labels: true,
    prefix: 'deployment.apps',
  });

  expect(columns.map((column) => column.name)).toEqual([
    'NAMESPACE',
    'NAME',
    'READY',
    'NODE',
    'ZONE',
    'MISSING',
    'LABELS',
  ]);
  expect(rows).toEqual([['shop', 'deployment.apps/web', '1/1', 'node-1', 'b', '', 'app=web,example.com/zone=b']]);
});

test('a row shorter than its header has empty cells', () => {
  expect(layOut(table(['web']), plain).rows).toEqual([['web', '', '']]);
});

test('no labels are said to be none', () => {
  expect(labelsText(undefined)).toBe('<none>');
  expect(labelsText({})).toBe('<none>');
});

test('a core kind stands alone, any other with its group', () => {
  expect(typePrefix({ kind: 'Pod', group: '' })).toBe('pod');
  expect(typePrefix({ kind: 'Deployment', group: 'apps' })).toBe('deployment.apps');
});

test('plain objects become names and ages', () => {
  const now = Date.parse('2026-11-20T10:00:00Z');
  const items = [{ metadata: { name: 'a', creationTimestamp: '2026-11-20T09:00:00Z' } }, { metadata: { name: 'b' } }];

  const list = tableOf({ kind: 'WidgetList', items, metadata: {} }, now);
  const single = tableOf({ kind: 'Widget', metadata: { name: 'c' } }, now);

  expect(list.columns.map((column) => column.name)).toEqual(['Name', 'Age']);
  expect(list.rows.map((row) => row.cells)).toEqual([
    ['a', '60m'],
    ['b', '<unknown>'],
  ]);
  expect(single.rows.map((row) => row.cells)).toEqual([['c', '<unknown>']]);
});

test('an empty table has no rows, however the server says so', () => {
  expect(tableOf({ kind: 'Table', columnDefinitions: [{ name: 'Name' }], rows: null }, 0).rows).toEqual([]);
  expect(tableOf({ kind: 'PodList', items: null, metadata: {} }, 0).rows).toEqual([]);
});

test.each([
  ['.metadata.name', ['metadata', 'name']],
  ['metadata.name', ['metadata', 'name']],
  ['{.metadata.name}', ['metadata', 'name']],
  ['.status.containerStatuses[0].restartCount', ['status', 'containerStatuses', '0', 'restartCount']],
  ['.metadata.labels.app\\.kubernetes\\.io/name', ['metadata', 'labels', 'app.kubernetes.io/name']],
])('the path %s is read as %j', (expression, path) => {
  expect(sortPath(expression)).toEqual(path);
});

test.each(['', '.', '{}', '.items[*].name', '.a[?(@.b)]'])('the path %j is refused', (expression) => {
  expect(() => sortPath(expression)).toThrow('--sort-by cannot follow');
});

function sorted(values: readonly unknown[], expression = '.spec.size'): unknown[] {
  const rows = values.map((size) => ({
    cells: [],
    object: { metadata: {}, spec: size === undefined ? {} : { size } },
  }));
  return sortRows(rows, expression).map((row) => row.object.spec?.size);
}

test.each([
  [
    [10, 9, 100],
    [9, 10, 100],
  ],
  [
    ['1Gi', '900Mi', '1500m', undefined],
    [undefined, '1500m', '900Mi', '1Gi'],
  ],
  [
    ['b', 'a', 'B'],
    ['B', 'a', 'b'],
  ],
  [
    ['2026-11-20T10:00:00Z', '2026-11-19T23:00:00Z'],
    ['2026-11-19T23:00:00Z', '2026-11-20T10:00:00Z'],
  ],
])('%j is sorted to %j', (values, expected) => {
  expect(sorted(values)).toEqual(expected);
});

test('a field that nothing has, and one with many values, cannot be sorted by', () => {
  expect(() => sorted([1, 2], '.spec.sise')).toThrow('no object has the field .spec.sise');
  expect(() => sorted([1, 2], '.spec')).toThrow('not a single value');
});
