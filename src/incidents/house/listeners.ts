import type { Metrics } from '../../metrics.ts';
import type { Courier } from '../../pipeline/courier.ts';
import type { Clock } from '../../time.ts';
import { INCIDENT, INCIDENT_NOTE } from '../book/words.ts';
import type { Listener } from '../book.ts';
import { MEMBERS, memberRows } from '../card/renderers.ts';
import type { Incident } from '../incident.ts';

export interface Listeners {
  /** Sends the words on their way at once; the rows in etcd see to it that they arrive. */
  readonly words: Listener;
  readonly metrics: Listener;
}

export function listenersOf(deps: {
  readonly courier: Pick<Courier, 'kick'>;
  readonly metrics: Pick<Metrics, 'detect' | 'notify'>;
  readonly clock: Clock;
}): Listeners {
  return {
    words(before, after, revision) {
      if (after.channel === undefined) return;
      // Only notes to ourselves: no row was written.
      if (before?.generation === after.generation && before.channel === after.channel) return;
      deps.courier.kick(INCIDENT, after.id, 0, revision);
      // Replies wait for the message; the courier sends them after it was posted.
      if (after.notifiedAt === undefined) return;
      for (const { n } of newLines(before, after)) deps.courier.kick(INCIDENT_NOTE, `${after.id}.${n}`, 0, revision);
      for (const id of memberRows(after)) deps.courier.kick(MEMBERS, id);
    },
    metrics(before, after) {
      const now = deps.clock();
      if (before?.id !== after.id) deps.metrics.detect(ruleOf(after), (now - after.detectedAt) / 1_000);
      if (after.notifiedAt !== undefined && before?.id === after.id && before.notifiedAt === undefined)
        deps.metrics.notify(after.severity, (after.notifiedAt - after.detectedAt) / 1_000);
    },
  };
}

function newLines(before: Incident | undefined, after: Incident): Incident['log'] {
  const told = before?.id === after.id ? (before.log.at(-1)?.n ?? 0) : 0;
  return after.log.filter(({ n }) => n > Math.max(1, told));
}

/** The rule of the headline; kinds without one are named as such. */
function ruleOf(incident: Incident): string {
  return incident.signals[0]?.rule ?? incident.kind;
}
