import { expect, test } from 'vitest';
import { pod, waiting } from '../../support/kube-objects.ts';
import { T0, timeline } from '../../support/timeline.ts';
import { notReadyRule, waitingRule } from './sample-rules.ts';

const unpulled = (name = 'web-1') =>
  pod(name, { phase: 'Pending', containers: [{ state: waiting('ImagePullBackOff', 'not found') }] });

test('a finding is silent until the very end of its hold, and fires then', () => {
  const world = timeline([waitingRule]);

  world.put(unpulled(), 10);

  expect(world.at(129.999)).toEqual([]);
  expect(world.at(130)).toMatchObject([
    { rule: 'P03', key: 'app', since: T0 + 10_000, firedAt: T0 + 130_000, severity: 'warning' },
  ]);
});

test('the time that the API tells counts, not the time at which it was seen', () => {
  const world = timeline([notReadyRule]);

  world.put(pod('web-1', { ready: false, readyAt: -50 }), 0);

  expect(world.at(9.999)).toEqual([]);
  expect(world.at(10)).toMatchObject([{ rule: 'P08', since: T0 - 50_000 }]);
});
