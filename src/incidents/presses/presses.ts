import type { Chat } from '../../chat/chat.ts';
import type { ButtonPress, Person } from '../../chat/invocation.ts';
import type { Message } from '../../chat/message.ts';
import { ConflictError, NotFoundError, UsageError } from '../../errors.ts';
import { idOf } from '../../ids.ts';
import type { Doors, PressHandler } from '../../pipeline/wing.ts';
import { type Clock, timeOfDay } from '../../time.ts';
import { lineFor } from '../actions.ts';
import type { Book } from '../book.ts';
import type { Actor, Deeds } from '../desk/deeds.ts';
import { knownZone, wallWords } from '../desk/wall-time.ts';
import type { Incident } from '../incident.ts';
import type { ActionWord } from '../rule.ts';
import { snoozeUntil } from './snooze.ts';

export interface IncidentPressDeps {
  readonly book: Pick<Book, 'get'>;
  readonly deeds: Deeds;
  readonly chat: Pick<Chat, 'answer' | 'person'>;
  readonly clock: Clock;
  /** Enters a command line as if the person had typed it. */
  readonly invoke: Doors['invoke'];
}

/** Actions that a button of their own, or a choice of More, starts as a command. */
const ACTIONS: readonly ActionWord[] = [
  ...(['logs', 'describe', 'rollback', 'pause', 'resume', 'restart', 'scale', 'delete-pod'] as const),
  ...(['cordon', 'uncordon', 'rerun'] as const),
];
const DOUBLE_CLICK_MS = 5_000;
/** Looking is right also when it is over. */
const LOOKS: readonly ActionWord[] = ['logs', 'describe'];

/**
 * What the buttons of an incident do. The value is `<incident id>.<generation>`; everything else is looked up anew, since old buttons stay
 * clickable. What is refused is thrown and told to the clicker alone.
 */
export function incidentPresses(deps: IncidentPressDeps): Readonly<Record<string, PressHandler>> {
  const handlers: Record<string, PressHandler> = {
    ack: async (press) => void (await deps.deeds.ack(incidentId(press), actorOf(press))),
    snooze: (press) => snooze(press, deps),
    escalate: async (press) => void (await deps.deeds.escalate(incidentId(press), actorOf(press))),
    resolve: async (press) => void (await deps.deeds.resolve(incidentId(press), undefined, actorOf(press))),
    noise: (press) => noise(press, deps),
    more: (press) => choose(press, handlers),
  };
  for (const action of ACTIONS) handlers[action] = (press) => command(action, press, deps);
  return handlers;
}

/** The choice of a menu is what a button of that name would do. */
async function choose(press: ButtonPress, handlers: Readonly<Record<string, PressHandler>>): Promise<void> {
  const action = press.option ?? '';
  const handler = action === 'more' ? undefined : handlers[action];
  if (!handler) throw new UsageError('This choice is no longer known.', { hint: 'The message shows what is.' });
  await handler({ ...press, action });
}

async function snooze(press: ButtonPress, deps: IncidentPressDeps): Promise<void> {
  const told = await zoneOf(press.person, deps.chat);
  const zone = knownZone(told);
  const until = snoozeUntil(press.option, deps.clock(), zone);
  const { isNew } = await deps.deeds.snooze(incidentId(press), until.at, actorOf(press));
  if (!isNew || !until.isWallTime) return;
  const why = told === undefined ? ' Slack does not tell your time zone, so this is UTC.' : '';
  await tell(press, deps, { title: `Snoozed until ${wallWords(until.at, zone)}.${why}` });
}

async function noise(press: ButtonPress, deps: IncidentPressDeps): Promise<void> {
  const id = incidentId(press);
  const { isNew } = await deps.deeds.noise(id, '', actorOf(press));
  if (!isNew) return;
  const spans = [
    'Say why, and whoever tunes its rule will see it: ',
    { code: `/alerts noise ${id} WHY` },
    '\nIt stays open until it recovers; Snooze keeps it quiet until then.',
  ];
  await tell(press, deps, { title: 'Marked as noise', parts: [{ kind: 'text', spans }] });
}

/** The button's command runs as the clicker's own, in the incident's thread: policy, plan, confirmation and audit all apply. */
async function command(action: ActionWord, press: ButtonPress, deps: IncidentPressDeps): Promise<void> {
  const incident = await known(incidentId(press), deps.book);
  if (incident.status === 'resolved' && !LOOKS.includes(action)) throw isOver(incident);
  const line = lineFor(action, incident);
  if (line === undefined) {
    throw new UsageError(`There is nothing to "${action}" here any more.`, { hint: 'The message shows what is.' });
  }
  await deps.invoke({
    id: onceFor(press, action),
    text: line,
    person: press.person,
    channel: press.channel,
    thread: press.thread ?? (press.ephemeral ? undefined : press.message?.ts),
    receivedAt: press.receivedAt,
  });
}

/** A double click is two presses for Slack; the command is started once. */
function onceFor(press: ButtonPress, action: ActionWord): string {
  const { team, user } = press.person;
  return idOf(
    'incident-press',
    press.value,
    action,
    team,
    user,
    String(Math.floor(press.receivedAt / DOUBLE_CLICK_MS)),
  );
}

function isOver({ id, resolvedAt, openedAt }: Incident): ConflictError {
  return new ConflictError(`${id} has been over since ${timeOfDay(resolvedAt ?? openedAt)}; nothing was started.`, {
    hint: 'Type the command if you still want it.',
  });
}

async function known(id: string, book: Pick<Book, 'get'>): Promise<Incident> {
  const found = await book.get(id);
  if (found) return found.value;
  throw new NotFoundError('This incident is no longer known: it was over long ago.', {
    hint: '`/alerts history` shows what is kept.',
  });
}

/** Slack's word about the clicker's time zone; it may be away, and a snooze must not wait for it. */
async function zoneOf(person: Person, chat: Pick<Chat, 'person'>): Promise<string | undefined> {
  try {
    return (await chat.person(person.user)).timeZone;
  } catch {
    return undefined;
  }
}

async function tell(press: ButtonPress, deps: IncidentPressDeps, message: Message): Promise<void> {
  await deps.chat.answer({ ...press, surface: 'slash' }, message);
}

function incidentId({ value }: ButtonPress): string {
  return value.split('.')[0] ?? '';
}

function actorOf(press: ButtonPress): Actor {
  const typed =
    press.option === undefined || press.option === press.action ? press.action : `${press.action} ${press.option}`;
  return { person: press.person, id: press.id, channel: press.channel, typed: `[${typed}]` };
}
