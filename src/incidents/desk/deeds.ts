import type { Audit } from '../../access/audit/audit.ts';
import type { Draft } from '../../access/audit/entry.ts';
import type { Asked } from '../../access/policy/asked.ts';
import type { Person } from '../../chat/invocation.ts';
import { asShipmateError, NotFoundError, UsageError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Clock } from '../../time.ts';
import type { KeptBook } from '../book/book.ts';
import { objectWords } from '../card/words.ts';
import type { Incident, Step } from '../incident.ts';
import { acked, escalated, markedNoise, resolvedByHand, snoozed } from '../lifecycle/presses.ts';
import type { Router } from '../route.ts';
import { MINUTE } from '../rule.ts';
import { type AlertPermission, askedOf } from './place.ts';

/** Who does something, and by which gesture. */
export interface Actor {
  readonly person: Person;
  /** The press's or the invocation's id: the same gesture is done once, even when it is tried again after a crash. */
  readonly id: string;
  /** Slack channel, where there is one. */
  readonly channel?: string | undefined;
  /** For the audit: the line or `[ack]`. */
  readonly typed: string;
}

/** What people do to incidents, from a button or a typed line alike: asked of the policy, noted in the audit, done under compare-and-swap. */
export interface Deeds {
  /** @param isTakenOver also from somebody who has it. */
  ack(id: string, actor: Actor, isTakenOver?: boolean): Promise<Done>;
  /** @param until epoch ms. */
  snooze(id: string, until: number, actor: Actor): Promise<Done>;
  /** @throws UsageError when nobody is configured to be asked. */
  escalate(id: string, actor: Actor): Promise<Done>;
  resolve(id: string, why: string | undefined, actor: Actor): Promise<Done>;
  noise(id: string, why: string, actor: Actor): Promise<Done>;
}

export interface Done {
  readonly incident: Incident;
  /** False when it was so already. */
  readonly isNew: boolean;
}

/** @throws PermissionError with what is missing and who can grant it. */
export type Authorise = (
  who: { readonly person: Person; readonly channel: string },
  subject: string,
  asked: readonly Asked[],
) => Promise<void>;

export interface DeedsDeps {
  readonly book: Pick<KeptBook, 'get' | 'apply'>;
  readonly route: Router;
  readonly authorise: Authorise;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Whoever asks the same people again within this has pressed twice. */
const ASKED_AGAIN_MS = MINUTE;

export function createDeeds(deps: DeedsDeps): Deeds {
  const deed = (name: string, permission: AlertPermission) => {
    return async (id: string, actor: Actor, step: Step, reason?: string): Promise<Done> => {
      const found = await open(deps.book, id);
      await deps.authorise({ person: actor.person, channel: actor.channel ?? '' }, id, askedOf(found, permission));
      if (!step(found, deps.clock())) return { incident: found, isNew: false };
      const draft = draftOf(name, found, actor, deps.clock(), reason);
      const work = async (): Promise<Done> => {
        const after = await deps.book.apply(id, step, actor.id);
        return after ? { incident: after, isNew: true } : { incident: await open(deps.book, id), isNew: false };
      };
      return await audited(draft, deps, work, ({ incident }) => incident.log.at(-1)?.text);
    };
  };
  const ack = deed('alerts ack', 'alerts:ack');
  const snooze = deed('alerts snooze', 'alerts:ack');
  const escalate = deed('alerts escalate', 'alerts:ack');
  const resolve = deed('alerts resolve', 'alerts:resolve');
  const noise = deed('alerts noise', 'alerts:ack');
  return {
    ack: (id, actor, isTakenOver) => ack(id, actor, acked(actor.person, isTakenOver)),
    snooze: (id, until, actor) => snooze(id, actor, snoozedOnce(actor.person, until)),
    async escalate(id, actor) {
      const to = deps.route(await open(deps.book, id)).escalateTo.join(' ');
      if (to === '') throw nobodyToAsk();
      return await escalate(id, actor, notTwice(actor.person, to));
    },
    resolve: (id, why, actor) => resolve(id, actor, resolvedByHand(actor.person, why), why),
    noise: (id, why, actor) => noise(id, actor, noiseOnce(actor.person, why), why),
  };
}

/** A double click wishes the same end, give or take. */
function snoozedOnce(by: Person, until: number): Step {
  const step = snoozed(by, until);
  return (incident, now) => {
    const { snooze, status } = incident;
    const isSame = status === 'firing' && snooze?.by.user === by.user && Math.abs(snooze.until - until) < MINUTE;
    return isSame ? undefined : step(incident, now);
  };
}

function noiseOnce(by: Person, why: string): Step {
  const step = markedNoise(by, why);
  return (incident, now) => {
    const { noise } = incident;
    return noise?.by.user === by.user && (why === '' || noise.why === why) ? undefined : step(incident, now);
  };
}

function notTwice(by: Person, to: string): Step {
  const step = escalated(by, to);
  return (incident, now) => {
    const last = incident.escalations.at(-1);
    const isRepeated = last?.to === to && last.by !== 'shipmate' && last.by.user === by.user;
    return isRepeated && now - last.at < ASKED_AGAIN_MS ? undefined : step(incident, now);
  };
}

/** Stands in the audit before it happens, and how it ended after; a missing end alone must not make a done thing look undone. */
export async function audited<T>(
  draft: Omit<Draft, 'type'>,
  deps: Pick<DeedsDeps, 'audit' | 'clock' | 'log'>,
  work: () => Promise<T>,
  saidOf: (done: T) => string | undefined,
): Promise<T> {
  const note = (result: string, said?: string): Promise<void> =>
    deps.audit.append({ ...draft, at: deps.clock(), type: 'outcome', result, said }).then(
      () => undefined,
      (error) => deps.log.warn({ err: error }, 'the outcome is not in the audit log'),
    );
  await deps.audit.append({ ...draft, type: 'intent' });
  try {
    const done = await work();
    await note('succeeded', saidOf(done));
    return done;
  } catch (thrown) {
    const { code, message } = asShipmateError(thrown);
    await note(code, message);
    throw thrown;
  }
}

export function draftOf(
  command: string,
  incident: Incident,
  actor: Actor,
  at: number,
  reason?: string,
): Omit<Draft, 'type'> & { readonly invocation: string } {
  const { cluster, root } = incident;
  return {
    at,
    invocation: actor.id,
    who: actor.person,
    command,
    typed: actor.typed,
    parsed: `${command} ${incident.id}`,
    where: {
      ...(cluster !== '' && { cluster }),
      ...(root.namespace !== '' && { namespace: root.namespace }),
      ...(actor.channel && { channel: actor.channel }),
    },
    targets: [objectWords(root)],
    ...(reason && { reason }),
    detail: { incident: incident.id, generation: incident.generation },
  };
}

async function open(book: Pick<KeptBook, 'get'>, id: string): Promise<Incident> {
  const found = await book.get(id);
  if (found) return found.value;
  throw new NotFoundError(`No incident "${id}" is known.`, {
    hint: '`/alerts list` shows what is open, `/alerts history` what was.',
  });
}

function nobodyToAsk(): UsageError {
  return new UsageError('Nobody is configured to be asked about this.', {
    hint: 'Put user or group ids under alerts.escalateTo, or escalateTo of its route, in shipmate.yaml.',
  });
}
