import { closest, distance } from 'fastest-levenshtein';
import { matcherOf } from '../access/policy/glob.ts';
import type { AlertsConfig } from '../config/alerts.ts';
import type { FileConfig } from '../config/file.ts';
import type { Problem } from '../config/problem.ts';
import { readYaml } from '../config/yaml-source.ts';
import { humanDuration } from '../time.ts';
import type { AnyRule } from './rule.ts';
import { defaultOf, EVERY_RULE, thresholdFrom } from './settings.ts';

type Path = readonly (string | number)[];
type Report = (path: Path, message: string, fix?: string) => void;
type Match = AlertsConfig['routes'][number]['match'];

/** A Kubernetes namespace's name, or a pattern of one. */
const NAMESPACE = /^[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?$/;

/**
 * What a valid file's `alerts` says that cannot be meant: rules, settings and clusters that do not exist, values of the wrong kind, and
 * windows that never are. Pure.
 * @param rules every rule there is.
 */
export function checkAlerts(path: string, text: string, file: FileConfig, rules: readonly AnyRule[]): Problem[] {
  const source = readYaml(path, text);
  const problems: Problem[] = [];
  const reporter =
    (isKey: boolean): Report =>
    (at, message, fix) => {
      const full = ['alerts', ...at];
      const where = isKey ? source.atKey(full) : source.at(full);
      problems.push({ where, message: `\`${full.join('.')}\` ${message}`, ...(fix && { fix }) });
    };
  const report = { value: reporter(false), key: reporter(true) };
  const ids = rules.map(({ id }) => id);
  const clusters = Object.keys(file.clusters);
  const { alerts } = file;

  checkRules(alerts, rules, report.key, report.value);
  alerts.routes.forEach(({ match }, index) => {
    checkMatch(['routes', index, 'match'], match, ids, clusters, report.value);
  });
  checkRouteOrder(alerts, report.value);
  alerts.maintenance.forEach(({ match, from, until }, index) => {
    checkMatch(['maintenance', index, 'match'], match, ids, clusters, report.value);
    if (Date.parse(from) >= Date.parse(until))
      report.value(['maintenance', index, 'until'], 'is not after `from`: the window never is.');
  });
  checkNamespaces(['ignoreNamespaces'], alerts.ignoreNamespaces, report.value);
  checkNamespaces(['nonProduction', 'namespaces'], alerts.nonProduction.namespaces, report.value);
  checkNames(['nonProduction', 'clusters'], alerts.nonProduction.clusters, clusters, 'cluster', report.value);
  return problems;
}

function checkRules(alerts: AlertsConfig, rules: readonly AnyRule[], onKey: Report, onValue: Report): void {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  for (const [id, { settings = {} }] of Object.entries(alerts.rules)) {
    const rule = byId.get(id);
    if (rule) checkSettings(['rules', id, 'settings'], rule, settings, onKey, onValue);
    else if (id !== EVERY_RULE) onKey(['rules', id], 'names no rule.', nearestOf(id, [...byId.keys()], 'rules'));
    else if (Object.keys(settings).length > 0)
      onKey(['rules', id, 'settings'], 'cannot be set for all rules at once.', 'Set it for each rule by its id.');
  }
}

function checkSettings(
  at: Path,
  rule: AnyRule,
  settings: Readonly<Record<string, number | string>>,
  onKey: Report,
  onValue: Report,
): void {
  for (const [name, written] of Object.entries(settings)) {
    const threshold = rule.settings[name];
    if (!threshold)
      onKey([...at, name], `is no setting of ${rule.id}.`, nearestOf(name, Object.keys(rule.settings), 'settings'));
    else if (thresholdFrom(threshold, written) === undefined)
      onValue(
        [...at, name],
        threshold.kind === 'duration' ? 'is a duration.' : 'is a plain number.',
        `Write it as \`${threshold.kind === 'duration' ? shortDuration(defaultOf(threshold)) : defaultOf(threshold)}\`, its default.`,
      );
  }
}

function checkMatch(at: Path, match: Match, ids: readonly string[], clusters: readonly string[], report: Report): void {
  checkNames([...at, 'rules'], match.rules, ids, 'rule', report);
  checkNames([...at, 'clusters'], match.clusters, clusters, 'cluster', report);
  checkNamespaces([...at, 'namespaces'], match.namespaces, report);
}

/** The first route that matches decides, so nothing after one that matches everything is ever asked. */
function checkRouteOrder({ routes }: AlertsConfig, report: Report): void {
  const all = routes.findIndex(({ match }) => Object.keys(match).length === 0);
  if (all >= 0 && all < routes.length - 1)
    report(['routes', all + 1], 'is never asked: the route before it matches everything.', 'Put that one last.');
}

function checkNames(
  at: Path,
  patterns: readonly string[] | undefined,
  known: readonly string[],
  what: string,
  report: Report,
): void {
  patterns?.forEach((pattern, index) => {
    const matches = matcherOf([pattern]);
    if (matches === undefined || known.some(matches)) return;
    report([...at, index], `names no ${what}.`, nearestOf(pattern, known, `${what}s`));
  });
}

function checkNamespaces(at: Path, namespaces: readonly string[] | undefined, report: Report): void {
  namespaces?.forEach((namespace, index) => {
    if (!NAMESPACE.test(namespace))
      report([...at, index], 'can never match: a namespace is lower-case letters, digits and "-".');
  });
}

function shortDuration(ms: number): string {
  return ms < 1_000 ? `${ms}ms` : humanDuration(ms);
}

function nearestOf(word: string, known: readonly string[], what: string): string {
  const near = known.length > 0 ? closest(word, [...known]) : undefined;
  if (
    near !== undefined &&
    distance(word.toLowerCase(), near.toLowerCase()) <= Math.max(1, Math.floor(word.length / 3))
  )
    return `Did you mean \`${near}\`?`;
  return known.length === 0 ? `There are no ${what}.` : `Known ${what}: ${known.join(', ')}.`;
}
