import { expect, test } from 'vitest';
import v02 from '../../../src/incidents/rules/v02-volume-failed.ts';
import { pv } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

test('a volume that could not be reclaimed is told after 5 min and ends when it is gone', () => {
  const world = timeline([v02]);
  const claim = { namespace: 'shop', name: 'data' };
  world.put(pv('pv-7', { phase: 'Failed', message: 'disk is still attached', transitionAt: 0, claim }), 60);
  expect(world.at(299)).toEqual([]);

  expect(world.at(300)).toMatchObject([
    {
      rule: 'V02',
      severity: 'high',
      cause: 'could not be reclaimed: disk is still attached',
      shares: { storageClass: 'standard' },
    },
  ]);

  world.remove('PersistentVolume', '', 'pv-7', 400);
  expect(world.at(520)).toEqual([]);
});

test.each(['Available', 'Bound', 'Released', 'Pending'])('a volume that is %s is silent', (phase) => {
  const world = timeline([v02]);
  world.put(pv('pv-7', { phase }), 0);

  expect(world.at(3_600)).toEqual([]);
});
