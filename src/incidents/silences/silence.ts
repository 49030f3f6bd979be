import type { Person } from '../../chat/invocation.ts';
import type { AlertsConfig } from '../../config/alerts.ts';
import { compileMatch, type Match, type Matched } from './match.ts';

/** Somebody's wish to hear nothing of some incidents for a while. They are recorded all the same. In etcd `incidents/silences/<id>`. */
export interface Silence {
  readonly id: string;
  readonly match: Match;
  readonly by: Person;
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
  readonly until: number;
}

/** A silence or a maintenance window, ready to be asked. */
export interface Quiet {
  /** What stands in `Incident.silencedBy`: the silence's id, or `maintenance <name>`. */
  readonly id: string;
  /** For people: `silence s4k2m9x`, `maintenance window "harbour works"`. */
  readonly label: string;
  readonly from: number;
  readonly until: number;
  matches(incident: Matched): boolean;
}

export function quietOf(silence: Silence): Quiet {
  return {
    id: silence.id,
    label: `silence ${silence.id} (${silence.reason})`,
    from: silence.at,
    until: silence.until,
    matches: compileMatch(silence.match),
  };
}

/** The planned windows of the config file. */
export function maintenanceWindows(alerts: AlertsConfig): readonly Quiet[] {
  return alerts.maintenance.map(({ name, from, until, match }) => ({
    id: `maintenance ${name}`,
    label: `maintenance window "${name}"`,
    from: Date.parse(from),
    until: Date.parse(until),
    matches: compileMatch(match),
  }));
}

/** The one among them that keeps this incident quiet now: the one that lasts longest. */
export function quietedBy(incident: Matched, quiets: readonly Quiet[], now: number): Quiet | undefined {
  let found: Quiet | undefined;
  for (const quiet of quiets) {
    if (quiet.from > now || quiet.until <= now || (found && found.until >= quiet.until)) continue;
    if (quiet.matches(incident)) found = quiet;
  }
  return found;
}
