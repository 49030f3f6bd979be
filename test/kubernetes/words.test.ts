import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockedText, blockingPods } from '../../src/kubernetes/blocking-pods.ts';
import { segmentProblem } from '../../src/kubernetes/names.ts';
import { pathOf } from '../../src/kubernetes/path.ts';
import { singleOf, wantedOf } from '../../src/kubernetes/type-args.ts';
import { selectorText } from '../../src/kubernetes/workload.ts';

const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };

test.each([
  [['pods'], { by: 'type', type: 'pods' }],
  [['pods,svc'], { by: 'type', type: 'pods,svc' }],
  [
    ['pod', 'a', 'b'],
    {
      by: 'name',
      pairs: [
        { type: 'pod', name: 'a' },
        { type: 'pod', name: 'b' },
      ],
    },
  ],
  [
    ['pod,svc', 'a'],
    {
      by: 'name',
      pairs: [
        { type: 'pod', name: 'a' },
        { type: 'svc', name: 'a' },
      ],
    },
  ],
  [
    ['deploy/a', 'svc/b'],
    {
      by: 'name',
      pairs: [
        { type: 'deploy', name: 'a' },
        { type: 'svc', name: 'b' },
      ],
    },
  ],
])('%j asks for %j', (words, wanted) => {
  expect(wantedOf(words)).toEqual(wanted);
});

test.each([
  [['pods', 'deploy/web'], 'there is no need to specify a resource type as a separate argument'],
  [['deploy/a/b'], 'may not have more than one slash'],
  [['deploy/'], 'may not have more than one slash'],
  [['/web'], 'may not have more than one slash'],
  [['deploy,svc/web'], 'must have a single resource and name'],
  [['pods', '..'], 'invalid resource name "..": [may not be \'..\']'],
  [['pods', 'a%2fb'], 'invalid resource name "a%2fb": [may not contain \'%\']'],
])('%j is refused', (words, message) => {
  expect(() => wantedOf(words)).toThrow(message);
});

test('a command on one workload takes one workload', () => {
  expect(singleOf(['deploy', 'web'])).toEqual({ type: 'deploy', name: 'web' });
  expect(() => singleOf(['deploy'])).toThrow('no name was specified');
  expect(() => singleOf(['deploy', 'a', 'b'])).toThrow('One workload at a time.');
});

test('whatever is typed, a path has exactly the segments it should have', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (name, namespace) => {
      fc.pre(segmentProblem(name) === undefined && segmentProblem(namespace) === undefined);

      const path = pathOf({ resource: PODS, namespace, name, subresource: 'log', query: { container: name } });

      const url = new URL(path, 'http://server');
      const segments = url.pathname.split('/').slice(1).map(decodeURIComponent);
      expect(segments).toEqual(['api', 'v1', 'namespaces', namespace, 'pods', name, 'log']);
      expect([...url.searchParams.keys()]).toEqual(['container']);
    }),
  );
});

test('a named object in no namespace at all is refused as kubectl refuses it', () => {
  expect(() => pathOf({ resource: PODS, name: 'web' })).toThrow(
    'a resource cannot be retrieved by name across all namespaces',
  );
  expect(pathOf({ resource: PODS })).toBe('/api/v1/pods');
  expect(pathOf({ resource: { ...PODS, plural: 'nodes', namespaced: false }, namespace: 'shop', name: 'a' })).toBe(
    '/api/v1/nodes/a',
  );
});

test('a selector becomes a query, an empty one does not', () => {
  expect(
    selectorText({ matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'In', values: ['d', 'e'] }] }),
  ).toBe('a=b,c in (d,e)');
  expect(
    selectorText({
      matchExpressions: [
        { key: 'x', operator: 'DoesNotExist' },
        { key: 'y', operator: 'Exists' },
      ],
    }),
  ).toBe('!x,y');
  expect(selectorText({})).toBeUndefined();
  expect(selectorText(undefined)).toBeUndefined();
});

function pod(name: string, status: object, metadata: object = {}) {
  return { metadata: { name, ...metadata }, status };
}
const waiting = (reason: string, message?: string) => ({
  containerStatuses: [{ state: { waiting: { reason, message } } }],
});

test('the worst pods are named first, and only those that are stuck', () => {
  const pods = [
    pod('fine', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }),
    pod('starting', waiting('ContainerCreating')),
    pod('going', waiting('CrashLoopBackOff'), { deletionTimestamp: '2026-11-20T09:41:07Z' }),
    pod('nowhere', {
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
      ],
    }),
    pod('looping', {
      containerStatuses: [
        {
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
        },
      ],
    }),
    pod('pulling', waiting('ImagePullBackOff', 'Back-off pulling image "web:nope"')),
    pod('unready', { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] }),
  ];

  expect(blockingPods(pods).map(blockedText)).toEqual([
    'pulling: ImagePullBackOff (Back-off pulling image "web:nope")',
    'looping: CrashLoopBackOff (last ended with OOMKilled, exit code 137)',
    'nowhere: Unschedulable (0/3 nodes are available)',
  ]);
});
