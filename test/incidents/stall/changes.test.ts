import { expect, test } from 'vitest';
import { seenOf } from '../../../src/incidents/seen/projection.ts';
import { imageChanges, templateChanges } from '../../../src/incidents/stall/changes.ts';
import { deployment } from '../../support/kube-objects.ts';

const template = (containers: Record<string, unknown>[]) =>
  seenOf('Deployment', deployment('web', { template: { spec: { containers } } })).spec.template;

test('requests, limits, probes and containers that differ are named with both values', () => {
  const before = template([
    { name: 'app', image: 'web:1', resources: { limits: { memory: '128Mi' } } },
    { name: 'old', image: 'old:1' },
  ]);
  const after = template([
    {
      name: 'app',
      image: 'web:2',
      resources: { limits: { memory: '64Mi', cpu: '1' } },
      livenessProbe: { httpGet: { path: '/healthz', port: 8080 } },
    },
    { name: 'proxy', image: 'proxy:1' },
  ]);

  expect(imageChanges(before, after)).toEqual([
    { container: 'app', before: 'web:1', after: 'web:2' },
    { container: 'proxy', before: undefined, after: 'proxy:1' },
  ]);
  expect(templateChanges(before, after)).toEqual([
    'app limits.memory 128Mi → 64Mi',
    'app limits.cpu none → 1',
    'app liveness probe none → http GET :8080/healthz',
    'container proxy added',
    'container old removed',
  ]);
});

test('a difference that is not seen is said to be one; equal templates have none', () => {
  const before = template([{ name: 'app', image: 'web:1', env: [{ name: 'A', value: '1' }] }]);
  const after = template([{ name: 'app', image: 'web:1', env: [{ name: 'A', value: '2' }] }]);

  expect(templateChanges(before, after)).toEqual([
    'other fields of the pod template (environment, volumes, annotations …)',
  ]);
  expect(templateChanges(before, before)).toEqual([]);
  expect(templateChanges(undefined, after)).toEqual([]);
});
