import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatLabelSelector,
  fromLabelSelector,
  parseLabelSelector,
} from '../../../../deploy/sandbox/cluster/api/label-selector.ts';
import { applyJsonPatch } from '../../../../deploy/sandbox/cluster/patch/json-patch.ts';
import { applyMergePatch } from '../../../../deploy/sandbox/cluster/patch/merge-patch.ts';
import { applyStrategicPatch } from '../../../../deploy/sandbox/cluster/patch/strategic.ts';

const pod = {
  spec: {
    containers: [
      { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }], ports: [{ containerPort: 80 }] },
      { name: 'b', image: 'b:1' },
    ],
    tolerations: [{ key: 'old' }],
  },
};

test('a strategic patch merges keyed lists deeply and replaces atomic ones', () => {
  const patch = {
    spec: { containers: [{ name: 'a', env: [{ name: 'Y', value: '2' }] }], tolerations: [{ key: 'new' }] },
  };

  expect(applyStrategicPatch(pod, patch).spec).toEqual({
    containers: [
      {
        name: 'a',
        image: 'a:1',
        env: [
          { name: 'X', value: '1' },
          { name: 'Y', value: '2' },
        ],
        ports: [{ containerPort: 80 }],
      },
      { name: 'b', image: 'b:1' },
    ],
    tolerations: [{ key: 'new' }],
  });
});

test('a strategic patch can delete an item, replace a map and keep only some keys', () => {
  const strategy = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };

  expect(
    applyStrategicPatch(pod, { spec: { containers: [{ name: 'b', $patch: 'delete' }] } }).spec.containers,
  ).toHaveLength(1);
  expect(applyStrategicPatch(pod, { spec: { $patch: 'replace', nodeName: 'n' } })).toEqual({ spec: { nodeName: 'n' } });
  expect(applyStrategicPatch(strategy, { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } })).toEqual({
    spec: { strategy: { type: 'Recreate' } },
  });
});

test('a strategic patch puts a list in the order it asks for', () => {
  const patch = {
    spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], containers: [{ name: 'a', image: 'a:2' }] },
  };

  expect(applyStrategicPatch(pod, patch).spec.containers.map((one: { name: string }) => one.name)).toEqual(['b', 'a']);
});

test('an item without its merge key is refused', () => {
  expect(() => applyStrategicPatch(pod, { spec: { containers: [{ image: 'x' }] } })).toThrow(
    'does not contain declared merge key: name',
  );
});

test('no patch changes the object it is applied to', () => {
  const before = structuredClone(pod);

  applyStrategicPatch(pod, { spec: { containers: [{ name: 'a', image: 'changed' }] } });
  applyMergePatch(pod, { spec: { containers: null } });
  applyJsonPatch(pod, [{ op: 'replace', path: '/spec/containers/0/image', value: 'changed' }]);

  expect(pod).toEqual(before);
});

test('a JSON patch adds, moves, copies and removes by pointer', () => {
  const patched = applyJsonPatch({ a: { 'b/c': [1, 2] } }, [
    { op: 'add', path: '/a/b~1c/-', value: 3 },
    { op: 'copy', from: '/a/b~1c/0', path: '/d' },
    { op: 'move', from: '/d', path: '/e' },
    { op: 'remove', path: '/a/b~1c/1' },
  ]);

  expect(patched).toEqual({ a: { 'b/c': [1, 3] }, e: 1 });
});

test.each([
  ['a=b', { a: 'b' }, true],
  ['a!=b', {}, true],
  ['a in (b, c),!d', { a: 'c' }, true],
  ['a in (b, c),!d', { a: 'c', d: '' }, false],
  ['a notin (b)', {}, true],
  ['a', { a: '' }, true],
  ['n>3', { n: '5' }, true],
  ['a=', { a: '' }, true],
])('the selector %j against %j is %s', (text, labels, matches) => {
  expect(parseLabelSelector(text)(labels)).toBe(matches);
});

test('a structured selector and its text choose the same', () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const value = fc.constantFrom('x', 'y', 'z');
  const expression = fc.record({
    key,
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
    values: fc.array(value, { minLength: 1, maxLength: 2 }),
  });
  fc.assert(
    fc.property(
      fc.dictionary(key, value),
      fc.array(expression, { minLength: 1, maxLength: 3 }),
      fc.dictionary(key, value),
      (matchLabels, matchExpressions, labels) => {
        const selector = { matchLabels, matchExpressions };
        expect(parseLabelSelector(formatLabelSelector(selector))(labels)).toBe(fromLabelSelector(selector)(labels));
      },
    ),
  );
});
