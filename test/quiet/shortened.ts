import { loadRules } from '../../src/incidents/load-rules.ts';
import { RULES_DIRECTORY } from './listener.ts';

/** For `alerts.rules`: every rule as users get it, with all its durations divided by `pace`. */
export async function shortened(pace: number): Promise<Record<string, { settings: Record<string, string> }>> {
  const rules = await loadRules(RULES_DIRECTORY);
  const settingsOf = (rule: (typeof rules)[number]): [string, string][] =>
    Object.entries(rule.settings).flatMap(([name, threshold]) =>
      threshold.kind === 'duration' ? [[name, `${Math.ceil(threshold.ms / pace)}ms`]] : [],
    );
  return Object.fromEntries(rules.map((rule) => [rule.id, { settings: Object.fromEntries(settingsOf(rule)) }]));
}
