import { cardOf } from '../../pipeline/claimed-row.ts';
import type { Renderers, Rendering } from '../../pipeline/courier.ts';
import { outboxChange } from '../../state/outbox.ts';
import type { Change, Store } from '../../state/store.ts';
import type { Clock } from '../../time.ts';
import type { KeptBook } from '../book/book.ts';
import { INCIDENT, INCIDENT_NOTE } from '../book/words.ts';
import type { Companion } from '../book.ts';
import { type Evidence, readEvidence } from '../evidence/evidence.ts';
import type { Incident } from '../incident.ts';
import type { Router } from '../route.ts';
import { incidentCard } from './living.ts';
import { memberPages, needsList } from './members.ts';
import { isForChannel, membersMessage, noteMessage } from './note.ts';
import { tellingNotes } from './told.ts';

/** The outbox kind of the lists of a storm's members in its thread, beside the living message and the lines. */
export const MEMBERS = 'incident-members';

/** Edits of one incident are at least so far apart. */
export const EDIT_EVERY_MS = 3_000;

export interface CardDeps {
  readonly book: Pick<KeptBook, 'get' | 'applyAll' | 'recorded'>;
  readonly store: Store;
  readonly clock: Clock;
  /** For the link to the runbook. */
  readonly route: Router;
  /** Where it is told when Slack refuses its channel for good: another channel, or a person. Undefined: it waits in the outbox. */
  readonly fallback: string | undefined;
}

/** How incidents look in Slack; rendered from the record as it is at that moment. */
export function incidentRenderers(deps: CardDeps): Renderers {
  const noted = tellingNotes(deps.book, deps.clock);
  const incidentOf = async (id: string, written?: string): Promise<Incident | undefined> =>
    (written === undefined ? undefined : deps.book.recorded(id, written)) ?? (await deps.book.get(id))?.value;
  return {
    [INCIDENT]: async (id, written) => living(await incidentOf(id, written), deps, noted),
    [INCIDENT_NOTE]: async (id, written) => {
      const [incident, n] = split(id);
      return note(await incidentOf(incident, written), Number(n), deps);
    },
    [MEMBERS]: async (id) => {
      const [incident, page] = split(id);
      return members(await incidentOf(incident), Number(page), deps);
    },
  };
}

/** What the living message looks like now, for places other than its channel, too (`/alerts show`). */
export async function cardFor(incident: Incident, deps: CardDeps): Promise<ReturnType<typeof incidentCard>> {
  const from = { evidence: await evidenceOf(incident, deps), runbook: deps.route(incident).runbook };
  return incidentCard(incident, from, deps.clock());
}

async function living(
  incident: Incident | undefined,
  deps: CardDeps,
  noted: (id: string) => Promise<void>,
): Promise<Rendering | undefined> {
  if (incident?.channel === undefined) return undefined;
  return {
    ...(await frame(incident, incident.channel, deps)),
    message: await cardFor(incident, deps),
    metadata: { incident: incident.id },
    everyMs: EDIT_EVERY_MS,
    posted: () => noted(incident.id),
    followers: [
      // The first line is the message's own.
      ...incident.log.filter(({ n }) => n > 1).map(({ n }) => ({ kind: INCIDENT_NOTE, id: `${incident.id}.${n}` })),
      ...memberRows(incident).map((id) => ({ kind: MEMBERS, id })),
    ],
  };
}

async function note(
  incident: Incident | undefined,
  n: number,
  deps: CardDeps,
): Promise<Rendering | 'later' | undefined> {
  const line = incident?.log.find((one) => one.n === n);
  if (incident?.channel === undefined || !line) return undefined;
  const card = await cardOf(deps.store, INCIDENT, incident.id);
  if (!card) return 'later';
  return {
    ...(await frame(incident, card.channel, deps)),
    generation: n,
    thread: card.ts,
    message: noteMessage(incident, line, deps.clock()),
    metadata: { incident: `${incident.id}.${n}` },
    since: line.at,
    isBroadcast: isForChannel(incident, line),
  };
}

async function members(
  incident: Incident | undefined,
  page: number,
  deps: CardDeps,
): Promise<Rendering | 'later' | undefined> {
  const message = incident && membersMessage(incident, page);
  if (incident?.channel === undefined || !message) return undefined;
  const card = await cardOf(deps.store, INCIDENT, incident.id);
  if (!card) return 'later';
  return {
    ...(await frame(incident, card.channel, deps)),
    thread: card.ts,
    message,
    metadata: { incident: `${incident.id}.members-${page}` },
    everyMs: EDIT_EVERY_MS,
  };
}

async function frame(
  incident: Incident,
  channel: string,
  deps: CardDeps,
): Promise<Pick<Rendering, 'generation' | 'channel' | 'fallbackUser' | 'since'>> {
  return {
    generation: incident.generation,
    channel,
    fallbackUser: deps.fallback ?? '',
    since: incident.openedAt,
  };
}

/** Evidence is an extra: an incident is told without it rather than not at all. */
async function evidenceOf(incident: Incident, deps: CardDeps): Promise<Evidence | undefined> {
  // Nobody has looked yet; what is found makes a new generation.
  if (incident.kind !== 'root' || (incident.generation === 1 && incident.notifiedAt === undefined)) return undefined;
  try {
    return (await readEvidence(deps.store, incident.id))?.value;
  } catch {
    return undefined;
  }
}

/** The rows of a storm's lists, `<incident id>.<page>`. */
export function memberRows(incident: Incident): readonly string[] {
  return pagesOf(incident).map((_page, index) => `${incident.id}.${index + 1}`);
}

function pagesOf(incident: Incident): readonly unknown[] {
  return incident.storm && needsList(incident) ? memberPages(incident.storm) : [];
}

/**
 * Written together with an incident: the lists of a storm's members, where they do not fit into the message, are to be said again when
 * they changed. Pure.
 */
export const membersWrites: Companion = (before, after) => {
  const { storm, channel } = after;
  if (!storm || channel === undefined || !needsList(after)) return [];
  const old = before?.storm ? memberPages(before.storm) : [];
  return memberPages(storm).flatMap((texts, index): Change[] =>
    texts.join('\n') === old[index]?.join('\n') && before?.channel === channel
      ? []
      : [
          outboxChange({
            subjectKind: MEMBERS,
            subjectId: `${after.id}.${index + 1}`,
            generation: after.generation,
            channel,
            since: after.openedAt,
          }),
        ],
  );
};

/** `k3f9q2x.4`. */
function split(id: string): [string, string] {
  const at = id.lastIndexOf('.');
  return [id.slice(0, at), id.slice(at + 1)];
}
