import {
  actorOf,
  alertsDesk,
  defineRead,
  humanDuration,
  type Message,
  type Part,
  type WayIn,
  type WayOut,
} from '../../src/sdk/index.ts';

/** Of each bridge; the others failed likewise, as a rule. */
const DEAD_SHOWN = 5;

export default defineRead({
  name: 'alerts bridges',
  summary: 'How the ways from and to other systems stand: last delivery, what waits, what was given up and why',
  examples: ['/alerts bridges'],
  args: {},
  permission: 'alerts:bridges',
  async run(_args, context): Promise<Message> {
    const ways = await alertsDesk(context).bridges(actorOf(context, '/alerts bridges'));
    if (ways.in.length + ways.out.length === 0)
      return { title: 'No bridges', footer: 'Alerts from and to other systems: `bridges` in shipmate.yaml' };
    const now = context.clock();
    const dead = ways.out.reduce((sum, way) => sum + way.dead.length, 0);
    return {
      title: `${counted(ways.in.length, 'way')} in, ${ways.out.length} out${dead === 0 ? '' : `, ${counted(dead, 'dead letter')}`}`,
      parts: [...waysIn(ways.in, now), ...waysOut(ways.out, now), ...reasons(ways, now)],
      ...(dead > 0 && { footer: 'Mend the cause, then: /alerts replay BRIDGE' }),
    };
  },
});

function waysIn(ways: readonly WayIn[], now: number): Part[] {
  if (ways.length === 0) return [];
  return [
    table(
      'bridges-in.txt',
      ['IN', 'KIND', 'STATE', 'LAST', 'OPEN', 'REFUSED'],
      [
        ...ways.map((way) => [
          way.name,
          way.kind,
          way.silentSince !== undefined ? `silent for ${ago(way.silentSince, now)}` : 'listening',
          ago(way.heardAt, now),
          String(way.open),
          way.refused ? ago(way.refused.at, now) : '-',
        ]),
      ],
    ),
  ];
}

function waysOut(ways: readonly WayOut[], now: number): Part[] {
  if (ways.length === 0) return [];
  return [
    table(
      'bridges-out.txt',
      ['OUT', 'KIND', 'STATE', 'LAST', 'WAITING', 'DEAD'],
      [
        ...ways.map((way) => [
          way.name,
          way.kind,
          stateOf(way),
          ago(way.toldAt, now),
          String(way.waiting),
          String(way.dead.length),
        ]),
      ],
    ),
  ];
}

function stateOf({ error, dead, isFallback }: WayOut): string {
  if (error !== undefined) return 'failing';
  if (dead.length > 0) return 'refused some';
  return isFallback ? 'standing by' : 'ok';
}

/** Why something was not taken, here or there, in the other system's own words. */
function reasons(ways: { readonly in: readonly WayIn[]; readonly out: readonly WayOut[] }, now: number): Part[] {
  const items = [
    ...ways.in.flatMap(({ name, refused }) =>
      refused ? [`${name} refused a body ${ago(refused.at, now)} ago: ${refused.why}`] : [],
    ),
    ...ways.out.flatMap(({ name, error }) =>
      error === undefined ? [] : [`${name} does not take what waits: ${error}`],
    ),
    ...ways.out.flatMap(({ name, dead }) =>
      dead
        .slice(0, DEAD_SHOWN)
        .map(({ incident, at, error }) => `${name} gave up incident ${incident} ${ago(at, now)} ago: ${error}`),
    ),
  ];
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

function table(filename: string, columns: readonly string[], rows: string[][]): Part {
  return { kind: 'table', filename, columns: columns.map((name) => ({ name, priority: 0 })), rows };
}

function ago(at: number | undefined, now: number): string {
  return at === undefined ? 'never' : humanDuration(Math.max(0, now - at));
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
