import { expect, test } from 'vitest';
import { checkFile } from '../../src/config.ts';
import { checkAlerts } from '../../src/incidents/check-alerts.ts';
import { counting, defineRule, lasting, MINUTE } from '../../src/incidents/rule.ts';

const rules = ['P01', 'P08', 'N01'].map((id) =>
  defineRule({
    id,
    title: 'for tests',
    summary: 'For tests.',
    kind: 'Pod',
    domain: 'availability',
    settings: { hold: lasting(2 * MINUTE, 'how long'), restarts: counting(3, 'how many') },
    resolveAfterMs: 0,
    evidence: [],
    actions: [],
    drill: { cause: 'x', severity: 'info' },
    judge: () => [],
  }),
);

function problems(alerts: string): string[] {
  const text = `clusters: {eu1: {}, dev-1: {}}\nalerts:\n${alerts}`;
  const { file, problems: wrong } = checkFile('shipmate.yaml', text);
  if (!file) throw new Error(JSON.stringify(wrong));
  return checkAlerts('shipmate.yaml', text, file, rules).map(({ where, message, fix }) =>
    [where, message, fix].filter(Boolean).join(' '),
  );
}

test('sound alerts have no problems', () => {
  expect(
    problems(`  rules:
    "*": {severity: info}
    P01: {hold: 5m, settings: {hold: 90s, restarts: 5}}
  ignoreNamespaces: [kube-system, ci-*]
  nonProduction: {clusters: [dev-*], namespaces: ["*-staging"]}
  routes:
    - match: {rules: [P*], clusters: [eu1], namespaces: [shop]}
      channel: C1
    - channel: C2
  maintenance:
    - {name: move, from: 2026-01-01T00:00:00Z, until: 2026-01-01T01:00:00Z, match: {clusters: ["*"]}}
`),
  ).toEqual([]);
});

test('a file without alerts has no problems', () => {
  expect(problems('  {}\n')).toEqual([]);
});

test.each([
  ['rules: {P02: {hold: 5m}}', '3:11 `alerts.rules.P02` names no rule. Did you mean `P01`?'],
  ['rules: {p01: {hold: 5m}}', 'names no rule. Did you mean `P01`?'],
  ['rules: {CrashLoop: {hold: 5m}}', 'names no rule. Known rules: P01, P08, N01.'],
  ['rules: {"*": {settings: {restarts: 3}}}', 'cannot be set for all rules at once. Set it for each rule by its id.'],
  ['rules: {P01: {settings: {restart: 3}}}', 'is no setting of P01. Did you mean `restarts`?'],
  ['rules: {P01: {settings: {hold: 90}}}', '3:34 `alerts.rules.P01.settings.hold` is a duration. Write it as `2m`'],
  ['rules: {P01: {settings: {restarts: 5m}}}', 'is a plain number. Write it as `3`, its default.'],
  ['routes: [{match: {rules: [X01]}, channel: C1}]', '`alerts.routes.0.match.rules.0` names no rule.'],
  ['routes: [{match: {clusters: [eu2]}, channel: C1}]', 'names no cluster. Did you mean `eu1`?'],
  ['routes: [{match: {namespaces: [Shop]}, channel: C1}]', 'can never match: a namespace is lower-case'],
  ['routes: [{channel: C1}, {match: {rules: [P01]}, channel: C2}]', '`alerts.routes.1` is never asked'],
  ['ignoreNamespaces: [kube_system]', '`alerts.ignoreNamespaces.0` can never match'],
  ['nonProduction: {clusters: [dev1]}', '`alerts.nonProduction.clusters.0` names no cluster. Did you mean `dev-1`?'],
  [
    'maintenance: [{name: x, from: 2026-01-02T00:00:00Z, until: 2026-01-01T00:00:00Z}]',
    '`alerts.maintenance.0.until` is not after `from`: the window never is.',
  ],
])('%s', (text, expected) => {
  const [only, ...more] = problems(`  ${text}\n`);

  expect(only).toContain(expected);
  expect(only).toMatch(/^shipmate\.yaml:3:/);
  expect(more).toEqual([]);
});
