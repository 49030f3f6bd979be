import { expect, test } from 'vitest';
import n08 from '../../../src/incidents/rules/n08-node-problem.ts';
import { condition, node } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';

test('a problem that a detector found is told after 5 min and ends when it is gone', () => {
  const world = timeline([n08]);
  const problem = (isOn: boolean, at: number) => ({
    conditions: [condition('ReadonlyFilesystem', isOn, at, 'FilesystemIsReadOnly', '/dev/sda1 is read-only')],
  });
  world.put(node('harbour-2', problem(true, 0)), 0);
  expect(world.at(299)).toEqual([]);

  expect(world.at(300)).toMatchObject([
    {
      rule: 'N08',
      key: 'ReadonlyFilesystem',
      severity: 'warning',
      cause: 'ReadonlyFilesystem: /dev/sda1 is read-only',
    },
  ]);

  world.put(node('harbour-2', problem(false, 400)), 400);
  expect(world.at(519)).toHaveLength(1);
  expect(world.at(520)).toEqual([]);
});

test.each(['KernelDeadlock', 'FrequentKubeletRestart', 'NetworkUnavailable', 'GpuNotReady'])(
  '%s=True is a problem',
  (type) => {
    const world = timeline([n08]);
    world.put(node('harbour-2', { conditions: [condition(type, true, 0)] }), 0);

    expect(world.at(300)).toHaveLength(1);
  },
);

test.each([
  ['EtcdIsVoter', true],
  ['KernelReady', true],
  ['NetworkingReady', true],
  ['StorageHealthy', true],
  ['NetworkUnavailable', false],
  ['KernelDeadlock', false],
  ['KernelDeadlock', 'Unknown'],
  ['MemoryPressure', true],
  ['Ready', false],
] as const)('%s=%s is not', (type, status) => {
  const world = timeline([n08]);
  world.put(node('harbour-2', { conditions: [condition(type, status, 0)] }), 0);

  expect(world.at(3_600)).toEqual([]);
});
