import { expect, test } from 'vitest';
import { metricsOf } from '../../../src/incidents/reading/hpa.ts';
import { seenOf } from '../../../src/incidents/seen/projection.ts';
import { hpa } from '../../support/kube-objects.ts';

test.each([
  ['cpu 92% of 70%', 'cpu above 70%'],
  ['cpu 70% of 70%', 'cpu at or below 70%'],
  ['queue 1500m of 1', 'queue above 1'],
  ['queue 900m of 1', 'queue at or below 1'],
  ['cpu unknown of 70%', 'cpu unknown of 70%'],
])('%s is said as %s, so that it does not change every 15 s', (metric, text) => {
  const seen = seenOf('HorizontalPodAutoscaler', hpa('web'));

  expect(metricsOf({ ...seen, status: { ...seen.status, metrics: [metric] } })).toBe(text);
});
