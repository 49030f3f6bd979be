import { expect, test } from 'vitest';
import { resolveIn, unknownResource } from '../../src/kubernetes/resolve.ts';
import { known } from './known.ts';

const meaning = (word: string) =>
  resolveIn(known, word)?.map(({ plural, version, group }) => [plural, version, group].filter(Boolean).join('.'));

test.each([
  ['pods', ['pods.v1']],
  ['pod', ['pods.v1']],
  ['PO', ['pods.v1']],
  ['Pod', ['pods.v1']],
  ['deploy', ['deployments.v1.apps']],
  ['deployments.apps', ['deployments.v1.apps']],
  ['deployments.v1.apps', ['deployments.v1.apps']],
  ['deploy.apps', ['deployments.v1.apps']],
  ['pods.metrics.k8s.io', ['pods.v1beta1.metrics.k8s.io']],
  ['events', ['events.v1']],
  ['ev', ['events.v1']],
  ['events.events.k8s.io', ['events.v1.events.k8s.io']],
  ['hpa', ['horizontalpodautoscalers.v2.autoscaling']],
  ['hpa.autoscal', ['horizontalpodautoscalers.v2.autoscaling']],
  ['horizontalpodautoscalers.v1.autoscaling', ['horizontalpodautoscalers.v1.autoscaling']],
  ['HorizontalPodAutoscaler', ['horizontalpodautoscalers.v2.autoscaling']],
  ['deploy,po,deployment', ['deployments.v1.apps', 'pods.v1']],
  ['all', ['pods.v1', 'deployments.v1.apps', 'horizontalpodautoscalers.v2.autoscaling']],
])('%s means %j', (word, expected) => {
  expect(meaning(word)).toEqual(expected);
});

test.each(['', 'podz', 'pods.apps', 'pods,', 'deployments.v2.apps', '..'])('%j means nothing', (word) => {
  expect(resolveIn(known, word)).toBeUndefined();
});

test.each([
  ['podz', 'pods'],
  ['deploymnet', 'deployment'],
  ['pods,deplyo', 'deploy'],
])('%s gets the nearest word', (word, near) => {
  expect(unknownResource(known, word, []).hint).toContain(near);
});

test('groups that do not answer are named beside an unknown word', () => {
  const error = unknownResource(known, 'coupons', ['shop.example/v1']);

  expect(error.message).toBe('error: the server doesn\'t have a resource type "coupons"');
  expect(error.hint).toContain('shop.example/v1');
});
