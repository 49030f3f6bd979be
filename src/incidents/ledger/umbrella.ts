import type { Incident, Storm } from '../incident.ts';
import { occurrenceId } from '../key.ts';
import { turned } from '../lifecycle/flapping.ts';
import { said } from '../lifecycle/line.ts';
import { continued } from '../lifecycle/open.ts';
import { resolved } from '../lifecycle/resolve.ts';
import { risen } from '../lifecycle/update.ts';
import { MINUTE, SECOND } from '../rule.ts';
import { isWorse, SEVERITIES, type Severity, worst } from '../severity.ts';
import type { Draft } from './draft.ts';
import type { Memory } from './memory.ts';

/** The list is completed soon after the first message, then at most once a minute. */
const SECOND_UPDATE_MS = 10 * SECOND;
const LATER_UPDATES_MS = MINUTE;

/** What an umbrella stands over. `isFirstLook`: everything that was wrong when a cluster was seen for the first time. */
export interface Cover {
  readonly key: string;
  readonly cluster: string;
  readonly channel: string;
  readonly shared?: Storm['shared'];
  readonly isFirstLook?: boolean;
}

/** A new umbrella without members yet; `refresh` gives it its words. */
export function raised(cover: Cover, members: readonly Incident[], now: number, earlier?: Incident): Incident {
  const severity = worst(members.map((member) => member.severity));
  const name = cover.shared ? `${cover.shared.what} ${cover.shared.name}` : 'digest';
  return {
    id: occurrenceId(cover.key, now),
    key: cover.key,
    generation: 0,
    kind: 'storm',
    cluster: cover.cluster,
    root: {
      apiVersion: '',
      kind: 'Storm',
      namespace: '',
      name: cover.isFirstLook ? 'first look' : name,
      uid: cover.key,
    },
    domain: 'availability',
    severity,
    peak: severity,
    status: 'firing',
    cause: '',
    signals: [],
    moreSignals: 0,
    startedAt: Math.min(...members.map(({ startedAt }) => startedAt)),
    detectedAt: Math.min(...members.map(({ detectedAt }) => detectedAt)),
    openedAt: now,
    escalations: [],
    ...turned(earlier?.transitions ?? [], now),
    storm: { ...(cover.shared && { shared: cover.shared }), members: {}, count: 0, open: 0 },
    log: [],
    channel: cover.channel,
    labels: {},
  };
}

/** Every umbrella says who its members are, how many are still wrong, and ends with the last of them. */
export function refreshUmbrellas(draft: Draft, memory: Memory, now: number): void {
  const lively = draft.lively();
  const umbrellas = lively.filter(({ kind }) => kind === 'storm');
  if (umbrellas.length === 0) return;
  const members = Map.groupBy(
    lively.filter(({ partOf }) => partOf?.why === 'storm'),
    ({ partOf }) => partOf?.key,
  );
  for (const umbrella of umbrellas) refresh(draft, umbrella, members.get(umbrella.key) ?? [], memory, now);
}

function refresh(draft: Draft, umbrella: Incident, members: readonly Incident[], memory: Memory, now: number): void {
  const storm = withMembers(umbrella, members);
  const firing = members.filter(({ status }) => status === 'firing');
  if (umbrella.status === 'resolved') {
    again(draft, umbrella, storm, firing, memory, now);
    return;
  }
  const severity = severityOf(firing, umbrella.severity);
  const next = { ...umbrella, storm, severity, cause: causeOf(umbrella, storm, firing) };
  if (firing.length === 0) {
    memory.umbrellas.delete(umbrella.key);
    draft.put(resolved(next, { how: 'recovered' }, now));
    return;
  }
  if (draft.before(umbrella) === undefined) {
    show(draft, first(next, now), memory, now);
    return;
  }
  if (JSON.stringify(next) === JSON.stringify(umbrella)) return;
  const pace = memory.umbrellas.get(umbrella.key) ?? { updates: 1, nextAt: now, isWaiting: false };
  if (pace.nextAt > now && !isWorse(severity, umbrella.peak)) {
    memory.umbrellas.set(umbrella.key, { ...pace, isWaiting: true });
    return;
  }
  show(draft, risen(grown(umbrella, next, now), now), memory, now);
}

function show(draft: Draft, umbrella: Incident, memory: Memory, now: number): void {
  const updates = (memory.umbrellas.get(umbrella.key)?.updates ?? 0) + 1;
  const nextAt = now + (updates === 1 ? SECOND_UPDATE_MS : LATER_UPDATES_MS);
  memory.umbrellas.set(umbrella.key, { updates, nextAt, isWaiting: false });
  draft.put(umbrella);
}

/** Members that fail again soon after the end open it again; a person's word that it is done holds until all of them were well. */
function again(
  draft: Draft,
  umbrella: Incident,
  storm: Storm,
  firing: readonly Incident[],
  memory: Memory,
  now: number,
): void {
  const isByHand = umbrella.resolution?.how === 'by-hand' && umbrella.endedAt === undefined;
  if (isByHand && firing.length === 0) draft.put({ ...umbrella, endedAt: now });
  const hasNew = storm.count > (umbrella.storm?.count ?? 0);
  if (firing.length === 0 || (isByHand && !hasNew)) return;
  const severity = severityOf(firing, umbrella.severity);
  const cause = causeOf(umbrella, storm, firing);
  const next = { ...umbrella, ...continued(umbrella, now), storm, severity, cause };
  show(draft, risen(said(next, now, `Failing again: ${cause}.`), now), memory, now);
}

function first(umbrella: Incident, now: number): Incident {
  return said(umbrella, now, `${umbrella.cause}.`);
}

function grown(before: Incident, after: Incident, now: number): Incident {
  const more = (after.storm?.count ?? 0) - (before.storm?.count ?? 0);
  return more > 0
    ? said(after, now, `${more} more: ${after.storm?.count} in all, ${after.storm?.open} failing now.`)
    : after;
}

/** So many characters of names: an umbrella that is over stands in etcd twice, in one transaction of at most 1.5 MB. */
const NAMES_MOST = 300_000;

/** Names stay although their incidents are forgotten earlier than the umbrella. What there is no room for is only counted. */
function withMembers({ storm }: Incident, members: readonly Incident[]): Storm {
  const names = new Map(Object.entries(storm?.members ?? {}).map(([space, known]) => [space, new Set(known)]));
  let room = NAMES_MOST - JSON.stringify(storm?.members ?? {}).length;
  const unnamed = new Set<string>();
  for (const member of members) {
    const { namespace } = member.root;
    const name = memberName(member);
    const known = names.get(namespace) ?? new Set<string>();
    if (known.has(name)) continue;
    room -= name.length + 3 + (known.size === 0 ? namespace.length + 5 : 0);
    if (room < 0) unnamed.add(rootName(member));
    else names.set(namespace, known.add(name));
  }
  const spaces = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...(storm?.shared && { shared: storm.shared }),
    members: Object.fromEntries(spaces.map(([space, known]) => [space, [...known].sort()])),
    count: spaces.reduce((sum, [, known]) => sum + known.size, unnamed.size),
    open: new Set(members.filter(({ status }) => status === 'firing').map(rootName)).size,
  };
}

/** Alerts of other systems are often called the same; the id tells which, and can be typed. */
function memberName({ kind, root, id }: Incident): string {
  const name = `${root.kind.toLowerCase()}/${root.name}`;
  return kind === 'external' ? `${name} ${id}` : name;
}

function rootName(member: Incident): string {
  return `${member.root.namespace}/${memberName(member)}`;
}

const WORDS = { node: 'node', registry: 'registry', storageClass: 'storage class', quota: 'quota', webhook: 'webhook' };

function causeOf(umbrella: Incident, storm: Storm, firing: readonly Incident[]): string {
  const cause = firing.length === 0 ? '' : tellingCause(firing, storm);
  if (firing.length === 0) return umbrella.cause;
  if (storm.shared) return `${storm.count} fail that share ${WORDS[storm.shared.what]} ${storm.shared.name}: ${cause}`;
  if (umbrella.root.name === 'first look') {
    return storm.count === 1
      ? `failing already at the first look: ${cause}`
      : `${storm.count} were failing already at the first look, most often: ${cause}`;
  }
  return `${storm.count} fail at about the same time, most often: ${cause}`;
}

/** As bad as the worst member that may speak: a silenced one wakes nobody through its umbrella either. */
function severityOf(firing: readonly Incident[], otherwise: Severity): Severity {
  const speaking = firing.filter(({ silencedBy }) => silencedBy === undefined);
  return speaking.length === 0 ? otherwise : worst(speaking.map((member) => member.severity));
}

/** What the shared node says itself, where it is among them; else what most say. */
function tellingCause(firing: readonly Incident[], { shared }: Storm): string {
  const node = firing.find(({ root }) => root.kind === 'Node' && shared?.what === 'node' && root.name === shared.name);
  const worstFirst = firing.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  return node?.cause ?? mostCommon(worstFirst.map((member) => member.cause));
}

/** The one said most often; of several the first, which is the worst one's. */
function mostCommon(causes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const cause of causes) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ['', 0] as [string, number])[0];
}
