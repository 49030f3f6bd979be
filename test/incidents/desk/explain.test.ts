import { expect, test } from 'vitest';
import { explain } from '../../../src/incidents/desk/explain.ts';
import rule from '../../../src/incidents/rules/p03-image.ts';
import { deployment, pod, replicaSet, waiting } from '../../support/kube-objects.ts';
import { T0, timeline } from '../../support/timeline.ts';

const IMAGE = 'registry.example.com/shop/web:9';

test('what the rules find about a workload is told for it and for its pods', () => {
  const world = timeline([rule]);
  const web = deployment('web');
  const set = replicaSet('web-1', { owner: web });
  world.put(web, 0);
  world.put(set, 0);
  const state = waiting('ErrImagePull', `${IMAGE}: not found`);
  world.put(pod('web-1-a', { owner: set, phase: 'Pending', containers: [{ image: IMAGE, state }] }), 0);
  world.at(5);
  const target = { cluster: 'demo', namespace: 'shop', kind: 'Deployment', name: 'web' };

  const found = explain({ ...target, rule: 'p03' }, world, T0 + 5_000);

  expect(found).toMatchObject([{ object: 'pod/web-1-a', findings: [{ rule: 'P03', state: 'pending' }] }]);
  expect(found[0]?.findings[0]?.because).toMatch(/fires in 10s/);
  expect(explain({ ...target, rule: 'P99' }, world, T0)).toEqual([]);
  expect(() => explain({ ...target, name: 'gone' }, world, T0)).toThrow('is not among what the rules see');
});
