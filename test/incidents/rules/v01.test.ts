import { expect, test } from 'vitest';
import v01 from '../../../src/incidents/rules/v01-claim-not-bound.ts';
import { pvc, storageClass } from '../../support/kube-objects.ts';
import { timeline, type World } from '../../support/timeline.ts';

const pending = { phase: 'Pending', storageClassName: 'fast', createdAt: 0 };

function refused(world: World, at: number): void {
  const about = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' } as const;
  const message =
    'failed to provision volume with StorageClass "fast": rpc error: code = ResourceExhausted desc = quota of disks exceeded';
  world.event({ about, type: 'Warning', reason: 'ProvisioningFailed', message }, at);
}

test('a claim that gets no volume for 5 min is told with the reason, and ends once it is bound', () => {
  const world = timeline([v01]);
  world.put(storageClass('fast'), 0);
  world.put(pvc('data', pending), 0);
  refused(world, 10);
  expect(world.at(299)).toEqual([]);

  expect(world.at(300)).toMatchObject([
    {
      rule: 'V01',
      severity: 'warning',
      cause: 'no volume from class "fast": quota of disks exceeded',
      shares: { storageClass: 'fast' },
    },
  ]);

  world.put(pvc('data', { ...pending, phase: 'Bound' }), 400);
  expect(world.at(519)).toHaveLength(1);
  expect(world.at(520)).toEqual([]);
});

test('a lost claim is high', () => {
  const world = timeline([v01]);
  world.put(pvc('data', { phase: 'Lost', volumeName: 'pv-7' }), 0);

  expect(world.at(299)).toEqual([]);
  expect(world.at(300)).toMatchObject([{ severity: 'high', cause: 'lost its volume pv-7: the data may be gone' }]);
});

test('a claim that waits for its first consumer is well, unless its provisioner says that it failed', () => {
  const world = timeline([v01]);
  world.put(storageClass('fast', { volumeBindingMode: 'WaitForFirstConsumer' }), 0);
  world.put(pvc('data', pending), 0);
  expect(world.sweep(86_400)).toEqual([]);

  refused(world, 86_500);

  expect(world.at(86_799)).toEqual([]);
  expect(world.at(86_800)).toHaveLength(1);
});

test('where the class is not seen, the claim’s event tells that it waits', () => {
  const world = timeline([v01]);
  world.put(pvc('data', pending), 0);
  const about = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' } as const;
  world.event({ about, type: 'Normal', reason: 'WaitForFirstConsumer', message: 'waiting for first consumer' }, 1);

  expect(world.sweep(3_000)).toEqual([]);
});

test('a bound claim is silent', () => {
  const world = timeline([v01]);
  world.put(pvc('data'), 0);

  expect(world.at(3_600)).toEqual([]);
});
