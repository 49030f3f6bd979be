import { expect, test } from 'vitest';
import rule from '../../../src/incidents/rules/p17-bare-pod-failed.ts';
import { deployment, pod, replicaSet, terminated } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

const failed = (name: string, options = {}) =>
  pod(name, {
    phase: 'Failed',
    restartPolicy: 'Never',
    createdAt: -60,
    readyAt: 0,
    containers: [{ state: terminated(0, { exitCode: 2, message: 'no such table: orders' }) }],
    ...options,
  });

test('a bare pod that failed is noted at once, and is over when it is deleted', () => {
  const world = timeline([rule]);
  world.put(pod('tool', { restartPolicy: 'Never', createdAt: -60 }), 0);
  expect(world.at(0)).toEqual([]);
  world.put(failed('tool'), 1);

  expect(world.at(1)).toMatchObject([
    { rule: 'P17', severity: 'info', cause: 'exit code 2 (wrong usage, or a Go panic): no such table: orders' },
  ]);
  world.remove('Pod', 'shop', 'tool', 60);
  expect(world.at(60)).toEqual([]);
});

test('where an annotation says that it matters, it is a warning', () => {
  const world = timeline([rule]);
  world.put(failed('tool', { annotations: { 'shipmate/alert.P17.important': '1' } }), 0);

  expect(world.at(0)).toMatchObject([{ severity: 'warning' }]);
});

test('pods that somebody owns, that run again, succeeded, or were evicted are silent', () => {
  const set = replicaSet('web-7d', { owner: deployment('web') });
  const world = timeline([rule]);
  world.put(failed('owned', { owner: set }), 0);
  world.put(failed('again', { restartPolicy: 'Always' }), 0);
  world.put(failed('evicted', { reason: 'Evicted' }), 0);
  world.put(failed('done', { phase: 'Succeeded' }), 0);

  expect(world.at(600)).toEqual([]);
});
