import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { NotFoundError, UsageError } from '../../../src/errors.ts';
import { partOf, startTyping, type Typed, workload } from './typed.ts';

let ada: Typed;
beforeAll(async () => {
  ada = await startTyping({
    seed: [
      workload('Deployment', 'web', 2),
      workload('StatefulSet', 'db', 1),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' }, data: { a: '1' } },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'prices', namespace: 'payments' },
        data: { a: '1', b: '2' },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token', namespace: 'shop' }, data: { token: 'aHVzaA==' } },
    ] as never,
  });
  await vi.waitFor(async () => expect((await ada.reads('/k8s get pods')).title).toBe('3 pods in shop · demo'), 20_000);
});
afterAll(() => ada?.stop());

const tableOf = async (line: string) => partOf(await ada.reads(line), 'table');
const headersOf = async (line: string) => (await tableOf(line)).columns.map((column) => column.name);

test('pods are shown as the server shows them', async () => {
  const table = await tableOf('/k8s get pods -l app=web --sort-by=.metadata.name');

  expect(table.columns.filter((column) => column.priority === 0).map((column) => column.name)).toEqual([
    'NAME',
    'READY',
    'STATUS',
    'RESTARTS',
    'AGE',
  ]);
  expect(table.rows).toHaveLength(2);
  expect(table.rows[0]?.[0]).toMatch(/^web-/);
  expect(table.view).toEqual({ page: 0, wide: false, headers: true });
  expect(table.filename).toMatch(/^get-pods-demo-shop-\d{8}T\d{4}Z\.txt$/);
});

test('titles say how many of what and where', async () => {
  expect((await ada.reads('/k8s get deploy/web')).title).toBe('1 deployment in shop · demo');
  expect((await ada.reads('/k8s get nodes')).title).toBe('3 nodes · demo');
  expect((await ada.reads('/k8s get cm -A')).title).toMatch(/^\d+ configmaps in all namespaces · demo$/);
  expect((await ada.reads('/k8s get ns shop --cluster prod')).title).toBe('1 namespace · prod (PROD)');
});

test('every namespace at once has a column of its own', async () => {
  const table = await tableOf('/k8s get configmaps -A --field-selector metadata.name=prices');

  expect(table.columns[0]?.name).toBe('NAMESPACE');
  expect(table.rows.map((row) => row.slice(0, 3))).toEqual([['payments', 'prices', '2']]);
});

test('labels become columns', async () => {
  expect(await headersOf('/k8s get pods -L app,example.com/tier')).toEqual(expect.arrayContaining(['APP', 'TIER']));
  expect((await headersOf('/k8s get pods --show-labels')).at(-1)).toBe('LABELS');
});

test('several kinds stand in groups, each name with its type', async () => {
  const message = await ada.reads('/k8s get deploy,sts');

  expect(message.title).toBe('2 objects in shop · demo');
  const names = (message.parts ?? []).flatMap((part) => (part.kind === 'table' ? part.rows.map((row) => row[0]) : []));
  expect(names).toEqual(['deployment.apps/web', 'statefulset.apps/db']);
});

test('only names, when only names are asked for', async () => {
  expect(partOf(await ada.reads('/k8s get deploy,sts -o name'), 'output').text).toBe(
    'deployment.apps/web\nstatefulset.apps/db',
  );
});

test('what is missing is told under what was found', async () => {
  const message = await ada.reads('/k8s get cm settings nope');

  expect(message.status).toBe('failed');
  expect(partOf(message, 'table').rows).toHaveLength(1);
  expect(partOf(message, 'output').text).toBe('Error from server (NotFound): configmaps "nope" not found');
  const ignored = await ada.reads('/k8s get cm settings nope --ignore-not-found');
  expect(ignored.status).toBeUndefined();
  expect(ignored.parts).toHaveLength(1);
});

test('nothing found is said in kubectl’s words, and a mistyped namespace is noticed', async () => {
  expect(await ada.reads('/k8s get jobs')).toEqual({ title: 'No resources found in shop namespace.', parts: [] });
  expect((await ada.reads('/k8s get jobs -A')).title).toBe('No resources found');
  expect((await ada.reads('/k8s get cm nope --ignore-not-found')).title).toBe('No resources found in shop namespace.');
  const mistyped = await ada.reads('/k8s get pods -n shpo');
  expect(mistyped.title).toBe('No resources found in shpo namespace.');
  expect(partOf(mistyped, 'text').spans).toEqual(['There is no namespace "shpo"; did you mean shop?']);
});

test('a table of Secrets shows none of them', async () => {
  const shown = JSON.stringify(await ada.reads('/k8s get secrets -o wide --show-labels'));

  expect(shown).toContain('token');
  expect(shown).not.toMatch(/aHVzaA|hush/);
});

test('a whole object is printed without its secrets', async () => {
  const message = await ada.reads('/k8s get secret/token -o yaml');

  expect(message.title).toBe('secret/token · shop · demo');
  expect(partOf(message, 'text').spans).toEqual(['1 secret value is hidden.']);
  expect(partOf(message, 'output').text).toMatch(
    /^apiVersion: v1\ndata:\n {2}token: <hidden, 4 bytes>\nkind: Secret\nmetadata:\n/,
  );
  expect(partOf(message, 'output').filename).toMatch(/^get-secrets-token-demo-shop-.*\.yaml$/);
  expect(JSON.stringify(message)).not.toContain('aHVzaA');
});

test('several whole objects are a List', async () => {
  const list = JSON.parse(partOf(await ada.reads('/k8s get deploy,sts,secrets -o json'), 'output').text);

  expect(list).toMatchObject({ apiVersion: 'v1', kind: 'List' });
  expect(list.items.map((item: { kind: string }) => item.kind)).toEqual(['Deployment', 'StatefulSet', 'Secret']);
  expect(list.items[0].metadata.managedFields).toBeUndefined();
  expect(JSON.stringify(list)).not.toContain('aHVzaA');
});

test.each([
  ['/k8s get', UsageError, 'You must specify the type of resource to get.'],
  ['/k8s get pod web-1 -A', UsageError, 'a resource cannot be retrieved by name across all namespaces'],
  ['/k8s get pod web-1 -l app=web', UsageError, 'name cannot be provided when a selector is specified'],
  ['/k8s get deploy/web pods', UsageError, 'there is no need to specify a resource type'],
  ['/k8s get podz', NotFoundError, 'the server doesn\'t have a resource type "podz"'],
  ['/k8s get pod nope', NotFoundError, 'Error from server (NotFound): pods "nope" not found'],
  ['/k8s get pods --cluster nope', NotFoundError, 'There is no cluster called "nope".'],
  ['/k8s get pods -o jsonpath={.a}', UsageError, 'is not one of'],
  ['/k8s get pods --sort-by=.spec.nope', UsageError, 'no object has the field .spec.nope'],
])('%s is refused', async (line, family, message) => {
  const refused = ada.reads(line);

  await expect(refused).rejects.toThrow(family);
  await expect(refused).rejects.toThrow(message);
});

test('contexts list the clusters by the names to type', async () => {
  const message = await ada.reads('/k8s contexts');

  expect(message.title).toBe('2 clusters');
  expect(partOf(message, 'table').rows).toEqual([
    ['*', 'demo', 'practice', 'shop', ''],
    ['', 'prod', 'practice', 'default', 'PROD'],
  ]);
});
