import { matcherOf } from '../access/policy/glob.ts';
import type { AlertsConfig } from '../config/alerts.ts';
import { parseDuration } from '../time.ts';
import type { AnyRule, Threshold } from './rule.ts';
import type { Severity } from './severity.ts';

/** What the config file says about rules, ready to be asked for every object. */
export interface RuleSettings {
  /** @throws Error for a rule that the settings were not made for. */
  rule(id: string): RuleSetting;
  /** Namespaces that are never alerted on; '' (cluster-scoped objects) never is one. */
  isIgnored(namespace: string): boolean;
  /** Where severities count one step less. @param labels of the namespace. */
  isNonProduction(cluster: string, namespace: string, labels: Readonly<Record<string, string>>): boolean;
}

export interface RuleSetting {
  readonly isEnabled: boolean;
  /** Instead of the one that the rule finds. */
  readonly severity?: Severity | undefined;
  /** Instead of every hold of the rule, ms. */
  readonly holdMs?: number | undefined;
  readonly resolveAfterMs: number;
  /** By name: ms for durations, plain numbers otherwise. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** For benches and drills: every rule at once, over what the config file says. */
export interface AtOnce {
  readonly holdMs?: number;
  readonly resolveAfterMs?: number;
}

/** In the config file, what stands for every rule. */
export const EVERY_RULE = '*';

/** The settings in force. What cannot be meant (unknown names, wrong kinds) is left out here and told by `checkAlerts`. Pure. */
export function settingsOf(alerts: AlertsConfig, rules: readonly AnyRule[], atOnce: AtOnce = {}): RuleSettings {
  const byId = new Map(rules.map((rule) => [rule.id, settingOf(alerts, rule, atOnce)]));
  const ignored = matching(alerts.ignoreNamespaces);
  const { namespaces, clusters, labels } = alerts.nonProduction;
  const lowNamespace = matching(namespaces);
  const lowCluster = matching(clusters);
  const lowLabels = Object.entries(labels).map(([key, value]) => ({ key, matches: matching([value]) }));
  return {
    rule(id) {
      const found = byId.get(id);
      if (!found) throw new Error(`no settings were made for rule ${id}`);
      return found;
    },
    isIgnored: (namespace) => namespace !== '' && ignored(namespace),
    isNonProduction: (cluster, namespace, own) =>
      lowCluster(cluster) ||
      (namespace !== '' && lowNamespace(namespace)) ||
      lowLabels.some(({ key, matches }) => own[key] !== undefined && matches(own[key])),
  };
}

function settingOf(alerts: AlertsConfig, rule: AnyRule, atOnce: AtOnce): RuleSetting {
  const config = { ...alerts.rules[EVERY_RULE], ...alerts.rules[rule.id] };
  const thresholds: Record<string, number> = {};
  for (const [name, threshold] of Object.entries(rule.settings)) {
    // A rule that names its hold among its thresholds must see the one that is in force.
    const written = config.settings?.[name] ?? (name === 'hold' ? config.hold : undefined);
    thresholds[name] = thresholdFrom(threshold, written) ?? defaultOf(threshold);
  }
  return {
    isEnabled: config.enabled ?? true,
    severity: config.severity,
    holdMs: atOnce.holdMs ?? (config.hold === undefined ? undefined : parseDuration(config.hold)),
    resolveAfterMs:
      atOnce.resolveAfterMs ??
      (config.resolveAfter === undefined ? rule.resolveAfterMs : parseDuration(config.resolveAfter)),
    thresholds,
  };
}

export function defaultOf(threshold: Threshold): number {
  return threshold.kind === 'duration' ? threshold.ms : threshold.value;
}

/**
 * What a person wrote for a threshold: a duration with a unit, or a plain number.
 * @returns undefined when it is of the wrong kind, or absent.
 */
export function thresholdFrom(threshold: Threshold, written: number | string | undefined): number | undefined {
  if (written === undefined) return undefined;
  if (threshold.kind === 'duration') return typeof written === 'string' ? durationFrom(written) : undefined;
  const number = typeof written === 'number' ? written : Number(written.trim() === '' ? 'none' : written);
  return Number.isFinite(number) ? number : undefined;
}

/** `5m` in ms; undefined when it is not a duration. */
export function durationFrom(text: string): number | undefined {
  try {
    return parseDuration(text.trim());
  } catch {
    return undefined;
  }
}

function matching(patterns: readonly string[]): (text: string) => boolean {
  if (patterns.length === 0) return () => false;
  return matcherOf(patterns) ?? (() => true);
}
