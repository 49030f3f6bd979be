import { expect, test } from 'vitest';
import { matches } from '../../../src/incidents/reading/selectors.ts';

const labels = { app: 'web', tier: 'front' };

test.each([
  ['an empty selector', {}, true],
  ['equal labels', { matchLabels: { app: 'web' } }, true],
  ['another value', { matchLabels: { app: 'db' } }, false],
  ['In', { matchExpressions: [{ key: 'tier', operator: 'In', values: ['back', 'front'] }] }, true],
  ['In without the label', { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }, false],
  ['NotIn', { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] }, false],
  ['NotIn without the label', { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  ['Exists', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  ['DoesNotExist', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  ['an operator of tomorrow', { matchExpressions: [{ key: 'app', operator: 'Resembles' }] }, false],
  ['no selector', undefined, false],
])('%s: %j → %s', (_name, selector, isMatch) => {
  expect(matches(selector, labels)).toBe(isMatch);
});
