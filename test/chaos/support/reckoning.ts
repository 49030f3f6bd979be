import type { SeenMessage } from '../../../deploy/sandbox/slack/protocol.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { type IncidentWorld, incidentIn } from './incident-world.ts';

/** What happened in the world, as the test made it happen. Epoch ms. */
export interface Deed {
  readonly app: string;
  readonly brokenAt: number;
  healedAt?: number;
}

/** What became of it. */
export interface Reckoning {
  readonly faults: number;
  readonly recorded: number;
  readonly told: number;
  /** Faults without an incident, or without a message. */
  readonly lost: readonly string[];
  /** Incidents and messages beyond the first of a fault. */
  readonly duplicates: readonly string[];
  /** Faults and recoveries whose message does not say yet what is true. */
  readonly outdated: readonly string[];
}

/** Compares what was done with what is recorded and told. */
export async function reckon(world: IncidentWorld, deeds: readonly Deed[]): Promise<Reckoning> {
  const incidents = await world.incidents();
  const messages = await world.messages();
  const each = deeds.map((deed) => fate(deed, incidents, messages));
  return {
    faults: deeds.length,
    recorded: each.filter(({ mine }) => mine.length > 0).length,
    told: each.filter(({ said }) => said.length > 0).length,
    lost: each.filter(({ mine, said }) => mine.length === 0 || said.length === 0).map(({ deed }) => deed.app),
    duplicates: each.flatMap(({ deed, mine, said }) => [
      ...mine.slice(1).map(({ id }) => `${deed.app}: incident ${id}`),
      ...said.slice(1).map(({ ts }) => `${deed.app}: message ${ts}`),
    ]),
    outdated: each.filter(isOutdated).map(({ deed }) => deed.app),
  };
}

interface Fate {
  readonly deed: Deed;
  readonly mine: readonly Incident[];
  readonly said: readonly SeenMessage[];
}

function fate(deed: Deed, incidents: readonly Incident[], messages: readonly SeenMessage[]): Fate {
  const mine = incidents.filter(({ root }) => root.name === deed.app);
  const ids = new Set(mine.map(({ id }) => id));
  return { deed, mine, said: messages.filter(({ metadata }) => ids.has(incidentIn(metadata))) };
}

function isOutdated({ deed, mine, said }: Fate): boolean {
  const isOver = deed.healedAt !== undefined;
  if (mine.some(({ status }) => (status === 'resolved') !== isOver)) return true;
  return said.some(({ plain }) => /Resolved/.test(plain) !== isOver);
}

/** The numbers, for the log of the run. */
export function report(what: string, reckoning: Reckoning, more: Readonly<Record<string, unknown>> = {}): void {
  const { faults, recorded, told, lost, duplicates, outdated } = reckoning;
  const counts = {
    faults,
    recorded,
    told,
    lost: lost.length,
    duplicates: duplicates.length,
    outdated: outdated.length,
  };
  console.log(`${what}: ${JSON.stringify({ ...counts, ...more })}`);
}
