import type { Access } from '../access/access.ts';
import type { Chat } from '../chat/chat.ts';
import type { Person } from '../chat/invocation.ts';
import type { Message, Part } from '../chat/message.ts';
import type { Incident } from '../incidents/incident.ts';
import { type Clock, delay, humanDuration, timeOfDay } from '../time.ts';
import { approversOf, isOwn, voteOf } from './approval.ts';
import { confirmLabel } from './card.ts';
import { type ChangeRecord, describeState } from './change.ts';
import type { Changes } from './changes.ts';
import type { House, SystemStatus } from './definition.ts';

export interface HomeDeps {
  readonly access: Pick<Access, 'isOneOf'>;
  readonly changes: Changes;
  readonly chat: Pick<Chat, 'publishHome'>;
  readonly clock: Clock;
  readonly house: House;
}

/** What one person's App Home is about. */
export interface HomeFacts {
  /** Requests that this person may decide about. */
  readonly toDecide: readonly ChangeRecord[];
  /** Broken glasses of others that nobody has signed. */
  readonly toReview: readonly ChangeRecord[];
  /** What this person asked for, the newest first. */
  readonly recent: readonly ChangeRecord[];
  readonly systems: readonly SystemStatus[];
  /** Incidents that this person may see, the worst first; undefined where they could not be read. */
  readonly wrong?: readonly Incident[] | undefined;
}

/** Slack takes 50 blocks; what waits comes first and must not lose its buttons. */
const WAITING_SHOWN = 4;
const RECENT_SHOWN = 8;
const INCIDENTS_SHOWN = 5;
const STATUS_WITHIN_MS = 800;

/** Publishes a person's App Home as things are now. @throws UnavailableError when etcd or Slack do not answer. */
export async function showHome(person: Person, deps: HomeDeps): Promise<void> {
  const { changes, access } = deps;
  const load = async (ids: readonly string[]): Promise<ChangeRecord[]> =>
    (await Promise.all(ids.map((id) => changes.get(id)))).flatMap((found) => (found ? [found.value] : []));
  const actor = { person, id: 'home', typed: '[home]' };
  const [open, unreviewed, mine, systems, wrong] = await Promise.all([
    changes.open().then(load),
    changes.unreviewed().then(load),
    changes.recentOf(person, RECENT_SHOWN).then(load),
    // An unreachable cluster must not keep the requests from being shown.
    Promise.race([deps.house.status().catch(() => []), delay(STATUS_WITHIN_MS).then(() => [])]),
    deps.house.alerts?.list({ status: 'open' }, actor).catch(() => undefined),
  ]);
  const toDecide: ChangeRecord[] = [];
  for (const record of open) {
    if (record.state !== 'approving' || !record.approval || isOwn(record, person) || voteOf(record, person)) continue;
    if (await access.isOneOf(person, approversOf(record.approval))) toDecide.push(record);
  }
  const toReview = unreviewed.filter((record) => !isOwn(record, person));
  const facts = { toDecide, toReview, recent: mine, systems, wrong };
  await deps.chat.publishHome(person, homeMessage(person, deps.house, facts, deps.clock()));
}

/** Pure. */
export function homeMessage(person: Person, house: House, facts: HomeFacts, now: number): Message {
  const mine = house.commands.filter((command) => house.may(person, command));
  return {
    title: 'Shipmate',
    parts: [
      ...waiting('Waiting for your decision', facts.toDecide, (record) => [
        { action: 'approve', label: `Approve: ${confirmLabel(record)}`, value: buttonValue(record), style: 'primary' },
        { action: 'deny', label: 'Deny', value: buttonValue(record), style: 'danger' },
      ]),
      ...waiting('Broken glass that somebody should look at', facts.toReview, (record) => [
        { action: 'sign', label: 'Sign the review', value: buttonValue(record) },
      ]),
      ...wrongNow(facts.wrong),
      ...recently(facts.recent, now),
      ...(facts.systems.length > 0
        ? [heading('What I stand on'), { kind: 'list' as const, items: facts.systems.map(systemLine) }]
        : []),
      heading(`You may use ${mine.length} of ${house.commands.length} commands`),
      { kind: 'list' as const, items: byFamily(mine.map(({ name }) => name)) },
      {
        kind: 'text',
        spans: [
          'Try ',
          { code: '/k8s help' },
          ', ',
          { code: '/alerts' },
          ' or ',
          { code: '/shipmate status' },
          ' in any channel, or write to me directly.',
        ],
      },
    ],
  };
}

/** One line for each slash command: forty names with their summaries would push what waits out of sight. */
function byFamily(names: readonly string[]): string[] {
  const families = Map.groupBy(names, (name) => name.split(' ')[0] as string);
  return [...families].map(
    ([family, all]) => `/${family} ${all.map((name) => name.slice(family.length + 1)).join(', ')}`,
  );
}

type Buttons = Extract<Part, { kind: 'buttons' }>['buttons'];

function waiting(title: string, records: readonly ChangeRecord[], buttons: (record: ChangeRecord) => Buttons): Part[] {
  if (records.length === 0) return [];
  const shown = records.slice(0, WAITING_SHOWN);
  const more = records.length - shown.length;
  return [
    heading(`${title} (${records.length})`),
    ...shown.flatMap((record): Part[] => [
      {
        kind: 'text',
        spans: [
          { bold: record.plan.summary },
          ' · ',
          placeOf(record),
          ' · asked by ',
          { person: record.person.user },
          record.reason ? `: ${record.reason}` : '',
        ],
      },
      ...(record.plan.changes.length > 0 ? [{ kind: 'diff' as const, entries: record.plan.changes }] : []),
      ...(record.state === 'approving'
        ? [
            {
              kind: 'text' as const,
              spans: [`Nothing happens unless it is approved by ${timeOfDay(record.expiresAt)}.`],
            },
          ]
        : []),
      { kind: 'buttons', buttons: buttons(record) },
    ]),
    ...(more > 0 ? [{ kind: 'text' as const, spans: [`… and ${more} more, see the channel for approvals.`] }] : []),
  ];
}

function wrongNow(incidents: readonly Incident[] | undefined): Part[] {
  if (incidents === undefined) return [];
  if (incidents.length === 0) return [heading('Nothing is wrong that Shipmate knows of')];
  const line = ({ id, severity, cluster, root, cause, ack }: Incident): string =>
    [
      severity.toUpperCase(),
      cluster,
      [root.namespace, root.name].filter(Boolean).join('/'),
      cause,
      `${id}${ack ? ', acked' : ''}`,
    ]
      .filter(Boolean)
      .join(' · ');
  const more = incidents.length - INCIDENTS_SHOWN;
  return [
    heading(`Wrong now (${incidents.length})`),
    { kind: 'list', items: incidents.slice(0, INCIDENTS_SHOWN).map(line) },
    ...(more > 0 ? [{ kind: 'text' as const, spans: [`… and ${more} more: `, { code: '/alerts list' }] }] : []),
  ];
}

function recently(records: readonly ChangeRecord[], now: number): Part[] {
  if (records.length === 0) return [];
  const line = (record: ChangeRecord): string => {
    const how = record.outcome ? `${record.state}: ${record.outcome.title}` : describeState(record.state);
    return `${record.shown} — ${how} (${humanDuration(now - record.createdAt)} ago, ${record.id})`;
  };
  return [heading('Your last changes'), { kind: 'list', items: records.map(line) }];
}

function systemLine({ system, ok, optional, detail }: SystemStatus): string {
  return `${ok ? '✅' : optional ? '➖' : '❌'} ${system}: ${detail}`;
}

function placeOf({ plan }: ChangeRecord): string {
  return [plan.cluster ?? plan.etcd, plan.isProduction ? '(PROD)' : undefined, plan.namespace]
    .filter(Boolean)
    .join(' ');
}

function buttonValue(record: ChangeRecord): string {
  return `${record.id}.${record.generation}`;
}

function heading(text: string): Part {
  return { kind: 'text', spans: [{ bold: text }] };
}
