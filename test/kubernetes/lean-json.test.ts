import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { ItemReader, type ListHead, parseLean } from '../../src/kubernetes/lean-json.ts';
import '../support/fast-check.ts';

function read(text: string, cutAt: readonly number[]): { head: ListHead; items: KubeObject[] } {
  const bytes = Buffer.from(text);
  const items: KubeObject[] = [];
  const reader = new ItemReader((item) => items.push(item));
  const cuts = [...new Set([0, ...cutAt.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  for (let at = 1; at < cuts.length; at++) reader.push(bytes.subarray(cuts[at - 1], cuts[at]));
  return { head: reader.end(), items };
}

/** What the reader may leave out. */
function withoutManaged(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

// Names and values that look like the places that are searched for.
const nasty = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '},{"metadata":{"name":"x"',
    '"items":[',
    ',"managedFields":[',
    ']},"',
    ']}',
    '}]',
    '}],',
    '}]}',
    '\\',
    '"',
    'ü🚢',
  ),
);
// V8 itself mistakes the key `k"` for `k\\` where it has just read the latter; nothing in Kubernetes is called so.
const key = nasty.filter((text) => !text.includes('\\'));
const inner = fc.record({ metadata: fc.record({ name: nasty }), spec: fc.dictionary(key, nasty, { maxKeys: 3 }) });
const managed = fc.array(fc.record({ manager: nasty, fieldsV1: fc.dictionary(key, fc.constant({}), { maxKeys: 3 }) }));
const object = fc
  .record({
    name: nasty,
    labels: fc.dictionary(key, nasty, { maxKeys: 3 }),
    managedFields: fc.option(managed, { nil: undefined }),
    isSorted: fc.boolean(),
    templates: fc.array(inner, { maxLength: 3 }),
  })
  .map(({ name, labels, managedFields, isSorted, templates }) => ({
    // Typed objects have name first and managedFields last; custom ones have all in the order of the alphabet.
    metadata: isSorted
      ? { labels, ...(managedFields && { managedFields }), name }
      : { name, labels, ...(managedFields && { managedFields }) },
    spec: { args: ['a'], templates },
    status: { conditions: [{ type: 'Ready' }] },
  }));

test('items arrive one by one and equal to what JSON.parse finds, however the answer is cut', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 8 }), (items, cuts) => {
      const metadata = { resourceVersion: '7', continue: 'next' };
      const text = `${JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata, items })}\n`;

      const result = read(text, cuts);

      expect(result.head.metadata).toEqual(metadata);
      expect(result.items.map(withoutManaged)).toEqual(items.map((item) => withoutManaged(item as never)));
    }),
  );
});

test('a list in another order, of custom objects, or without items is read as a whole', () => {
  const item = { apiVersion: 'x/v1', kind: 'X', metadata: { name: 'a' } };
  const custom = JSON.stringify({
    apiVersion: 'x/v1',
    items: [item],
    kind: 'XList',
    metadata: { resourceVersion: '7' },
  });

  expect(read(custom, [40]).items).toEqual([item]);
  expect(read(custom, []).head.metadata?.resourceVersion).toBe('7');
  expect(read('{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":null}', [9]).items).toEqual([]);
  expect(read('{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[]}\n', [9]).items).toEqual([]);
});

test('an answer that ends in the middle is no list', () => {
  const whole = JSON.stringify({
    kind: 'List',
    metadata: {},
    items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }],
  });

  for (let length = 1; length < whole.length; length++)
    expect(() => read(whole.slice(0, length), [])).toThrow(SyntaxError);
});

test('an object read alone is what JSON.parse finds, wherever managedFields stands', () => {
  fc.assert(
    fc.property(object, (one) => {
      const event = parseLean<{ object: KubeObject }>(JSON.stringify({ type: 'ADDED', object: one }));

      expect(withoutManaged(event.object)).toEqual(withoutManaged(one as never));
    }),
  );
});

test('managedFields are left out and everything else stays', () => {
  const text =
    '{"type":"MODIFIED","object":{"metadata":{"name":"a","managedFields":[{"fieldsV1":{"f:x":{}}}]},"spec":{"n":1}}}';

  const sorted =
    '{"metadata":{"labels":{},"managedFields":[{"manager":"m"}],"name":"a"},"spec":{"x":["a"]},"status":1}';
  expect(parseLean(sorted)).toEqual({ metadata: { labels: {}, name: 'a' }, spec: { x: ['a'] }, status: 1 });
  expect(parseLean(text)).toEqual({ type: 'MODIFIED', object: { metadata: { name: 'a' }, spec: { n: 1 } } });
});
