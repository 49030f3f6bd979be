import { expect, test } from 'vitest';
import { failureClass, parseEviction } from '../../../src/incidents/reading/failed-pods.ts';
import { seenOf } from '../../../src/incidents/seen/projection.ts';
import { pod } from '../../support/kube-objects.ts';

test.each([
  [
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi. Container web was using 812Mi, request is 256Mi, has larger consumption of memory. ',
    { resource: 'memory', cause: 'evicted: node was low on memory (container web used 812Mi, request 256Mi)' },
  ],
  [
    'The node was low on resource: ephemeral-storage. ',
    { resource: 'ephemeral-storage', cause: 'evicted: node was low on ephemeral-storage' },
  ],
  [
    'The node had condition: [DiskPressure]. ',
    { resource: 'ephemeral-storage', cause: 'evicted: node had DiskPressure' },
  ],
  [
    'Usage of EmptyDir volume "cache" exceeds the limit "1Gi". ',
    { resource: 'ephemeral-storage', cause: 'evicted: Usage of EmptyDir volume "cache" exceeds the limit "1Gi"' },
  ],
  ['', { resource: '', cause: 'evicted' }],
])('%s', (message, eviction) => {
  expect(parseEviction(message)).toEqual(eviction);
});

test.each([
  ['Evicted', 'evicted'],
  ['OutOfcpu', 'refused'],
  ['OutOfephemeral-storage', 'refused'],
  ['NodeAffinity', 'refused'],
  ['UnexpectedAdmissionError', 'refused'],
  ['DeadlineExceeded', 'deadline'],
  ['NodeShutdown', 'node'],
  ['NodeLost', 'node'],
  ['', 'other'],
])('a failed pod with reason "%s" is one of %s', (reason, name) => {
  expect(failureClass(seenOf('Pod', pod('web-1', { phase: 'Failed', reason })))).toBe(name);
});

test('a pod that runs has no such class', () => {
  expect(failureClass(seenOf('Pod', pod('web-1')))).toBeUndefined();
});
