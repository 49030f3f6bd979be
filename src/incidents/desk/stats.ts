import { headSignal } from '../card/words.ts';
import type { Incident } from '../incident.ts';

/** How one rule has done: how often it spoke, how fast, and whether anybody needed it. Durations in ms. */
export interface RuleStats {
  /** Rule id, `storm`, or the other system's name. */
  readonly rule: string;
  readonly title: string;
  readonly count: number;
  /** From its beginning in the world until it was detected; from then until Slack took the message. */
  readonly detect: Spread | undefined;
  readonly notify: Spread | undefined;
  /** From the opening until somebody took it, and until its end. */
  readonly ack: Spread | undefined;
  readonly resolve: Spread | undefined;
  /** Ended by themselves before anybody took them: many of these and nobody needs the rule as it is. */
  readonly unattended: number;
  readonly flapping: number;
  readonly noise: number;
}

export interface Spread {
  readonly median: number;
  readonly p95: number;
}

/** Drills count nowhere; what is part of another incident counts once, there. Pure. */
export function statsOf(incidents: readonly Incident[]): readonly RuleStats[] {
  const byRule = new Map<string, Incident[]>();
  for (const incident of incidents) {
    if (incident.kind === 'drill' || incident.partOf !== undefined) continue;
    const { rule } = sourceOf(incident);
    byRule.set(rule, [...(byRule.get(rule) ?? []), incident]);
  }
  return [...byRule.values()].map(ofRule).sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1));
}

function ofRule(incidents: readonly Incident[]): RuleStats {
  const source = sourceOf(incidents[0] as Incident);
  const counted = (is: (incident: Incident) => boolean): number => incidents.filter(is).length;
  const spread = (value: (incident: Incident) => number | undefined): Spread | undefined =>
    spreadOf(incidents.map(value).filter((ms): ms is number => ms !== undefined));
  return {
    ...source,
    count: incidents.length,
    detect: spread(({ startedAt, detectedAt }) => Math.max(0, detectedAt - startedAt)),
    notify: spread(({ notifiedAt, detectedAt }) =>
      notifiedAt === undefined ? undefined : Math.max(0, notifiedAt - detectedAt),
    ),
    ack: spread(({ ack, openedAt }) => (ack === undefined ? undefined : Math.max(0, ack.at - openedAt))),
    resolve: spread(({ resolvedAt, openedAt }) =>
      resolvedAt === undefined ? undefined : Math.max(0, resolvedAt - openedAt),
    ),
    unattended: counted(
      ({ status, ack, resolution }) => status === 'resolved' && !ack && resolution?.how !== 'by-hand',
    ),
    flapping: counted(({ isFlapping }) => isFlapping),
    noise: counted(({ noise }) => noise !== undefined),
  };
}

function sourceOf(incident: Incident): Pick<RuleStats, 'rule' | 'title'> {
  if (incident.kind === 'storm') return { rule: 'storm', title: 'many at once' };
  if (incident.external) return { rule: incident.external.source, title: 'alerts from elsewhere' };
  const head = headSignal(incident);
  return { rule: head?.rule ?? '?', title: head?.title ?? incident.cause };
}

/** By the nearest-rank method: each figure is one that was measured. */
function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return sorted.length === 0 ? undefined : { median: rank(0.5), p95: rank(0.95) };
}
