import { parseDuration } from '../../time.ts';
import type { Incident } from '../incident.ts';
import { isToBeTold, silenced } from '../lifecycle/quiet.ts';
import { createRouter, type Router } from '../route.ts';
import type { ObjectRef } from '../sight.ts';
import type { RootState } from '../signal.ts';
import { type Quiet, quietedBy } from '../silences/silence.ts';
import type { LedgerSettings } from './contract.ts';
import type { Draft } from './draft.ts';
import { takeDue } from './due.ts';
import { inhibit } from './inhibition.ts';
import type { Memory } from './memory.ts';
import { groupStorms } from './storms.ts';
import { compare, takeState } from './take.ts';
import { refreshUmbrellas } from './umbrella.ts';

/** How one cluster's incidents are judged: the settings, prepared once. */
export interface Court {
  readonly cluster: string;
  readonly route: Router;
  readonly storm: { readonly sharing: number; readonly incidents: number; readonly withinMs: number };
  isRebooting(node: string): boolean;
  podsOn(node: string, root: ObjectRef): number | undefined;
  isBlindFor(kind: string): boolean;
}

/** What is judged together and recorded together. */
export interface Docket {
  readonly states: readonly RootState[];
  /** Everything that stands, to be compared with what is recorded. */
  readonly standing?: readonly RootState[] | undefined;
  /** The first comparison of a leader: what ended meanwhile did so unseen. */
  readonly isTakeOver: boolean;
  readonly isFirstLook: boolean;
  /** Times have come, silences have changed, or something was lost: everything is judged, not only what changed. */
  readonly isFull: boolean;
  /** Keys that somebody else has written meanwhile: judged as if they had changed. */
  readonly also: ReadonlySet<string>;
  readonly quiets: readonly Quiet[];
  readonly now: number;
}

export function holdCourt(
  cluster: string,
  { alerts, channel }: LedgerSettings,
  doors: Pick<Court, 'isRebooting' | 'podsOn' | 'isBlindFor'>,
): Court {
  const { sharing, incidents, within } = alerts.storm;
  return {
    cluster,
    route: createRouter(alerts, channel),
    storm: { sharing, incidents, withinMs: parseDuration(within) },
    ...doors,
  };
}

/**
 * One round, in this order: what is wrong; what is silenced; what another one explains; what is one of many; and only then what is told.
 * So nothing is told that a moment later would not have been.
 */
export function judge(draft: Draft, docket: Docket, court: Court, memory: Memory): void {
  const { now, quiets } = docket;
  if (docket.standing) compare(draft, docket.standing, memory, now, { ...docket, ...court });
  for (const state of [...(docket.standing ?? []), ...docket.states]) takeState(draft, state, memory, now);
  if (docket.isFull) takeDue(draft, memory, now);

  const some = (): readonly Incident[] => (docket.isFull ? draft.all() : draft.touched(docket.also));
  for (const incident of some()) {
    if (incident.status === 'firing') draft.put(silenced(incident, quietedBy(incident, quiets, now), now));
  }
  inhibit(draft, some(), { ...court, memory }, now);
  const channelOf = (incident: Incident) => incident.channel ?? court.route(incident).channel;
  groupStorms(draft, some(), { ...court.storm, ...docket, cluster: court.cluster, channelOf }, now);
  for (const incident of some()) {
    if (incident.channel !== undefined || incident.kind === 'storm' || !isToBeTold(incident)) continue;
    const channel = channelOf(incident);
    if (channel !== undefined) draft.put({ ...incident, channel });
  }
  refreshUmbrellas(draft, memory, now);
}
