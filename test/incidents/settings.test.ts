import { expect, test } from 'vitest';
import { alertsSchema } from '../../src/config/alerts.ts';
import { counting, defineRule, lasting, MINUTE } from '../../src/incidents/rule.ts';
import { durationFrom, settingsOf, thresholdFrom } from '../../src/incidents/settings.ts';

const rule = defineRule({
  id: 'P01',
  title: 'crash loop',
  summary: 'For tests.',
  kind: 'Pod',
  domain: 'availability',
  settings: { hold: lasting(MINUTE, 'how long'), restarts: counting(3, 'how many') },
  resolveAfterMs: 2 * MINUTE,
  evidence: [],
  actions: [],
  drill: { cause: 'crashes', severity: 'warning' },
  judge: () => [],
});
const settings = (alerts: unknown, atOnce = {}) => settingsOf(alertsSchema.parse(alerts), [rule], atOnce);

test('without a word in the file a rule is as its author made it', () => {
  expect(settings({}).rule('P01')).toEqual({
    isEnabled: true,
    severity: undefined,
    holdMs: undefined,
    resolveAfterMs: 2 * MINUTE,
    thresholds: { hold: MINUTE, restarts: 3 },
  });
});

test('the file speaks for one rule, or for all that have no words of their own', () => {
  const rules = { '*': { hold: '0s', severity: 'info' }, P01: { hold: '90s', settings: { restarts: 7 } } };

  expect(settings({ rules }).rule('P01')).toMatchObject({
    holdMs: 90_000,
    severity: 'info',
    thresholds: { hold: 90_000, restarts: 7 },
  });
});

test('a value of the wrong kind is left out', () => {
  const rules = { P01: { settings: { hold: 5, restarts: '5m', other: 1 } } };

  expect(settings({ rules }).rule('P01').thresholds).toEqual({ hold: MINUTE, restarts: 3 });
});

test('for benches every hold is set at once, over the file', () => {
  const atOnce = { holdMs: 0, resolveAfterMs: 1_000 };

  expect(settings({ rules: { P01: { hold: '5m' } } }, atOnce).rule('P01')).toMatchObject(atOnce);
});

test('namespaces are ignored by name or pattern; what has no namespace never is', () => {
  const { isIgnored } = settings({ ignoreNamespaces: ['kube-*', 'scratch'] });

  expect(['kube-system', 'scratch', 'shop', ''].filter(isIgnored)).toEqual(['kube-system', 'scratch']);
  expect(settings({ ignoreNamespaces: ['*'] }).isIgnored('')).toBe(false);
});

test('not production is what any of clusters, namespaces and labels says', () => {
  const nonProduction = { clusters: ['dev-*'], namespaces: ['*-staging'], labels: { env: 'test*', sandbox: 'true' } };
  const { isNonProduction } = settings({ nonProduction });

  expect(isNonProduction('dev-1', '', {})).toBe(true);
  expect(isNonProduction('eu1', 'shop-staging', {})).toBe(true);
  expect(isNonProduction('eu1', 'shop', { env: 'testing' })).toBe(true);
  expect(isNonProduction('eu1', 'shop', { sandbox: 'true', env: 'production' })).toBe(true);
  expect(isNonProduction('eu1', 'shop', { env: 'production' })).toBe(false);
  expect(settings({}).isNonProduction('eu1', 'shop', { env: 'test' })).toBe(false);
});

test('a rule that the settings were not made for is a mistake of the program', () => {
  expect(() => settings({}).rule('P99')).toThrow('no settings were made for rule P99');
});

test.each([
  ['5m', 300_000],
  [' 1h30m ', 5_400_000],
  ['5', undefined],
  ['five', undefined],
  ['', undefined],
])('%j as a duration is %j', (text, ms) => {
  expect(durationFrom(text)).toBe(ms);
  expect(thresholdFrom(lasting(1, 'x'), text)).toBe(ms);
});

test.each<[string | number, number | undefined]>([
  [3, 3],
  ['3', 3],
  ['0.5', 0.5],
  ['', undefined],
  ['3 pods', undefined],
  ['Infinity', undefined],
])('%j as a number is %j', (text, value) => {
  expect(thresholdFrom(counting(1, 'x'), text)).toBe(value);
});
