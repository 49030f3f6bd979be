import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createScene } from '../../../src/incidents/scene/scene.ts';
import type { Kind, SeenObject } from '../../../src/incidents/seen/kinds.ts';
import { seenOf } from '../../../src/incidents/seen/projection.ts';
import '../../support/fast-check.ts';

/** A cluster so small that names, uids, owners and nodes meet all the time, also where no cluster would let them. */
const KINDS = ['Pod', 'ReplicaSet', 'Deployment', 'Node'] as const;
const kind = fc.constantFrom(...KINDS);
const uid = fc.constantFrom('u1', 'u2', 'u3', 'u4', 'u5');
const OWNERS = { Pod: 'ReplicaSet', ReplicaSet: 'Deployment' } as const;

const object = fc
  .record({
    kind,
    uid,
    namespace: fc.constantFrom('shop', 'ops'),
    name: fc.constantFrom('a', 'b', 'c'),
    owner: fc.option(uid, { nil: undefined }),
    nodeName: fc.constantFrom('a', 'b', undefined),
    version: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ kind: of, uid: id, namespace, name, owner, nodeName, version }): SeenObject => {
    const ownerKind = of === 'Pod' || of === 'ReplicaSet' ? OWNERS[of] : undefined;
    const ownerReferences =
      ownerKind && owner ? [{ apiVersion: 'apps/v1', kind: ownerKind, name: 'x', uid: owner, controller: true }] : [];
    const metadata = {
      uid: id,
      name,
      ...(of === 'Node' ? {} : { namespace }),
      resourceVersion: String(version),
      generation: version,
      ownerReferences,
    };
    return seenOf<Kind>(of, { metadata, spec: { nodeName } });
  });
const step = fc.oneof(
  { weight: 5, arbitrary: object.map((put) => ({ put })) },
  { weight: 2, arbitrary: fc.record({ remove: kind, uid }) },
  { weight: 1, arbitrary: fc.record({ replace: kind, by: fc.array(object, { maxLength: 4 }) }) },
);

/** The same, without any index. */
class Naive {
  objects: SeenObject[] = [];

  put(next: SeenObject): void {
    const isOther = (known: SeenObject): boolean =>
      known.metadata.uid !== next.metadata.uid &&
      !(
        known.kind === next.kind &&
        known.metadata.namespace === next.metadata.namespace &&
        known.metadata.name === next.metadata.name
      );
    this.objects = [...this.objects.filter(isOther), next];
  }

  remove(of: Kind, id: string): void {
    this.objects = this.objects.filter((known) => known.kind !== of || known.metadata.uid !== id);
  }

  replace(of: Kind, by: readonly SeenObject[]): void {
    const kept = new Set(by.map((next) => next.metadata.uid));
    this.objects = this.objects.filter((known) => known.kind !== of || kept.has(known.metadata.uid));
    for (const next of by) this.put(next);
  }
}

const inOrder = (objects: Iterable<SeenObject>): SeenObject[] =>
  [...objects].sort((a, b) => (a.metadata.uid < b.metadata.uid ? -1 : 1));

test('after any puts, removals and replacements the indexes say what a look at every object says', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const scene = createScene('demo');
      const naive = new Naive();
      for (const next of steps) {
        if ('put' in next) {
          scene.put(next.put);
          naive.put(next.put);
        } else if ('remove' in next) {
          scene.remove(next.remove, next.uid);
          naive.remove(next.remove, next.uid);
        } else {
          const by = next.by.filter((one) => one.kind === next.replace);
          scene.replace<Kind>(next.replace, by);
          naive.replace(next.replace, by);
        }
      }

      const { sight } = scene;
      for (const of of KINDS) {
        const all = naive.objects.filter((known) => known.kind === of);
        expect(inOrder(sight.all(of))).toEqual(inOrder(all));
        expect(scene.counts()[of] ?? 0).toBe(all.length);
        for (const namespace of ['', 'shop', 'ops']) {
          const there = all.filter((known) => known.metadata.namespace === namespace);
          expect(inOrder(sight.inNamespace(of, namespace))).toEqual(inOrder(there));
          for (const name of ['a', 'b', 'c'])
            expect(sight.get(of, namespace, name)).toEqual(there.find((known) => known.metadata.name === name));
        }
        for (const id of ['u1', 'u2', 'u3', 'u4', 'u5'])
          expect(inOrder(sight.ownedBy(of, id))).toEqual(
            inOrder(all.filter((known) => known.metadata.owner?.uid === id)),
          );
      }
      for (const node of ['a', 'b'])
        expect(inOrder(sight.podsOnNode(node))).toEqual(
          inOrder(naive.objects.filter((known) => known.kind === 'Pod' && known.spec.nodeName === node)),
        );
    }),
    { numRuns: 300 },
  );
});

test('whatever changes what is seen says that the object is to be judged again', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 20 }), object, (before, next) => {
      const scene = createScene('demo');
      for (const one of before) scene.put(one);
      const known = scene.sight.byUid(next.metadata.uid);

      const touched = scene.put(next);

      const isNews = known?.kind !== next.kind || known.metadata.generation !== next.metadata.generation;
      if (isNews) expect(touched).toContain(next.metadata.uid);
      expect(scene.put(next)).toEqual([]);
    }),
  );
});
