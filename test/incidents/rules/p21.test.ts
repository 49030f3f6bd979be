import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p21-resize-stuck.ts';
import { condition, pod } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const resizing = (reason: string, message = "Node didn't have enough capacity: cpu, requested: 9000, capacity: 8000") =>
  pod('web-1', { conditions: [condition('PodResizePending', true, 0, reason, message)] });

test.each(['Infeasible', 'Deferred'])('a resize that is %s for ten minutes is noted', (reason) => {
  const world = timeline([rule]);
  world.put(resizing(reason), 0);

  expect(world.at(599)).toEqual([]);
  expect(world.at(600)).toMatchObject([
    {
      rule: 'P21',
      severity: 'info',
      causeClass: 'capacity',
      cause: expect.stringContaining(`resize is ${reason.toLowerCase()}: Node`),
    },
  ]);
});

test('it is over two minutes after the condition is gone', () => {
  const world = timeline([rule]);
  world.put(resizing('Deferred'), 0);
  world.at(600);
  world.put(pod('web-1'), 700);

  expect(world.at(819)).toHaveLength(1);
  expect(world.at(820)).toEqual([]);
});

test('a resize that goes on is silent', () => {
  const world = timeline([rule]);
  world.put(pod('web-1', { conditions: [condition('PodResizeInProgress', true, 0)] }), 0);

  expect(world.at(3_000)).toEqual([]);
});
