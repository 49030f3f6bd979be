import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/r02-doomed-rollout.ts';
import { BAD_IMAGE, moving } from '../../support/rollout-scenes.ts';
import { timeline, type World } from '../../support/timeline.ts';

function offered(world: World): readonly string[] | undefined {
  return world.at(120)[0]?.actions;
}

test('a second release may be rolled back', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE })) world.put(object, 0);

  expect(offered(world)).toContain('rollback');
});

test('a first release that was scaled since has nothing to be rolled back to: no button says otherwise', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE })) world.put(object, 0);
  world.remove('ReplicaSet', 'shop', 'fraud-check-6d5f', 0);

  expect(offered(world)).toEqual(rule.actions.filter((action) => action !== 'rollback'));
});

test('what was never changed has no earlier revision, of whatever kind it is', () => {
  const world = timeline([rule]);
  for (const object of moving({ newPod: BAD_IMAGE, generation: 1 })) world.put(object, 0);

  expect(offered(world)).not.toContain('rollback');
});
