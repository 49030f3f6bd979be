import { ConflictError } from '../errors.ts';
import type { Book } from './book.ts';
import type { Crowd } from './crowd.ts';
import type { ExternalAlert, Incident } from './incident.ts';
import { absorbed, externalKey } from './lifecycle/absorb.ts';
import { isToBeTold, silenced } from './lifecycle/quiet.ts';
import type { Router } from './route.ts';
import { type Quiet, quietedBy } from './silences/silence.ts';

export interface ExternalSettings {
  /** See `createRouter`. */
  readonly route: Router;
  /** See `Silences.quiets`. */
  readonly quiets: () => readonly Quiet[];
  /** See `Crowd`. Absent: each is told at once. */
  readonly crowd?: Pick<Crowd, 'mayTell'> | undefined;
}

const TRIES = 8;

/**
 * Takes what another system says into incidents; any replica may. Alerts of one group are one incident; a repeat is a sign of life, written
 * at most once a minute. Alerts that fall silent, silences that end and many at a time are seen to by the ledger of no cluster (`createLedger` with '').
 * @returns what was recorded. @throws UnavailableError: say so to the other system, it will call again.
 */
export async function takeAlerts(
  book: Book,
  alerts: readonly ExternalAlert[],
  now: number,
  settings: ExternalSettings,
): Promise<readonly Incident[]> {
  const recorded: Incident[] = [];
  for (const [key, group] of Map.groupBy(alerts, externalKey)) {
    const incident = await takeGroup(book, key, group, now, settings);
    if (incident) recorded.push(incident);
  }
  return recorded;
}

async function takeGroup(
  book: Book,
  key: string,
  alerts: readonly ExternalAlert[],
  now: number,
  settings: ExternalSettings,
): Promise<Incident | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const before = await book.byKey(key);
    const taken = absorbed(before?.value, alerts, now + tries);
    if (!taken) return undefined;
    const { written } = await book.record([{ before, after: placed(taken, settings, now) }]);
    if (written[0]) return written[0].value;
  }
  throw new ConflictError('An alert kept changing while it was being recorded.', { hint: 'Send it again.' });
}

/** Silenced, or told where the routes say. */
function placed(incident: Incident, { route, quiets, crowd }: ExternalSettings, now: number): Incident {
  if (incident.status !== 'firing') return incident;
  const heard = silenced(incident, quietedBy(incident, quiets(), now), now) ?? incident;
  if (heard.channel !== undefined || !isToBeTold(heard)) return heard;
  const { channel } = route(heard);
  // One of many: the ledger tells it, in a digest with the others.
  if (channel !== undefined && crowd?.mayTell(channel, now) === false) return heard;
  return { ...heard, channel };
}
