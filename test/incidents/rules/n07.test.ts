import { expect, test } from 'vitest';
import n07 from '../../../src/incidents/rules/n07-node-version-skew.ts';
import { node } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const DAY = 86_400;

test('a kubelet that stays behind for a day is told, and ends once it is upgraded', () => {
  const world = timeline([n07]);
  world.put(node('harbour-1', { kubeletVersion: 'v1.36.1' }), 0);
  world.put(node('harbour-2', { kubeletVersion: 'v1.35.4+k3s1' }), 0);
  expect(world.at(DAY - 1)).toEqual([]);

  expect(world.at(DAY)).toMatchObject([
    {
      rule: 'N07',
      severity: 'info',
      object: { name: 'harbour-2' },
      cause: 'kubelet v1.35.4+k3s1 is 1 minor version behind v1.36',
    },
  ]);

  world.put(node('harbour-2', { kubeletVersion: 'v1.36.0' }), DAY + 60);
  expect(world.at(DAY + 180)).toEqual([]);
});

test('patch versions, a new minor version of today, and a newer node that is not ready are no skew', () => {
  const world = timeline([n07]);
  world.put(node('a', { kubeletVersion: 'v1.36.0' }), 0);
  world.put(node('b', { kubeletVersion: 'v1.36.3' }), 0);
  world.put(node('new', { kubeletVersion: 'v1.37.0', ready: false }), 0);
  world.put(node('odd', { kubeletVersion: 'unknown' }), 0);
  expect(world.sweep(3 * DAY)).toEqual([]);

  world.put(node('new', { kubeletVersion: 'v1.37.0' }), 3 * DAY);
  world.sweep(3 * DAY + 30);

  expect(world.at(4 * DAY - 1)).toEqual([]);
});
