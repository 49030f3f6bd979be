import type { Incident, Storm } from '../incident.ts';
import { stormKey } from '../key.ts';
import { mayReopen } from '../lifecycle/open.ts';
import { isToBeTold, joined, released } from '../lifecycle/quiet.ts';
import { SECOND } from '../rule.ts';
import type { Draft } from './draft.ts';
import { type Cover, raised } from './umbrella.ts';

export interface StormRules {
  readonly cluster: string;
  /** So many that share a cause. */
  readonly sharing: number;
  /** More than so many new ones become a digest; 0: never. */
  readonly incidents: number;
  readonly withinMs: number;
  /** Everything that is about to be told becomes one digest. */
  readonly isFirstLook: boolean;
  channelOf(incident: Incident): string | undefined;
}

/** So many new ones within so short a time are a digest at once. */
export const BURST = 5;
export const BURST_MS = 10 * SECOND;

/** So many that were wrong already when a cluster is seen for the first time are no digest. */
const FEW = 3;

/** Where several things are shared, the one that says most about the cause. */
const TELLING: readonly NonNullable<Storm['shared']>['what'][] = [
  'webhook',
  'quota',
  'registry',
  'storageClass',
  'node',
];

/**
 * Makes one of many, before anything is said: roots that share a cause come under an umbrella that names it; a burst without one becomes a
 * digest. Umbrellas are per channel, so that a team hears of its own.
 * @param some those that changed; those among them that would be told now decide.
 */
export function groupStorms(draft: Draft, some: readonly Incident[], rules: StormRules, now: number): void {
  for (const incident of some) leaveWhatIsOver(draft, incident, now);
  const candidates = some.flatMap(({ key }) => draft.get(key) ?? []).filter((one) => isCandidate(one, rules));
  if (candidates.length === 0) return;
  if (rules.isFirstLook) {
    for (const [channel, members] of byChannel(candidates, rules)) {
      // A few are told each by itself, with its cause and its buttons.
      if (members.length > FEW) cover(draft, { ...newDigest(rules, channel, now), isFirstLook: true }, members, now);
    }
    return;
  }
  groupShared(draft, candidates, rules, now);
  const rest = candidates.flatMap(({ key }) => draft.get(key) ?? []).filter((one) => isCandidate(one, rules));
  for (const [channel, members] of byChannel(rest, rules)) digest(draft, channel, members, rules, now);
}

function isCandidate(incident: Incident, rules: StormRules): boolean {
  return (
    mayBeOneOfMany(incident) &&
    incident.channel === undefined &&
    isToBeTold(incident) &&
    rules.channelOf(incident) !== undefined
  );
}

/** Also alerts of other systems: hundreds of them are one message as well. */
function mayBeOneOfMany({ kind }: Incident): boolean {
  return kind === 'root' || kind === 'external';
}

/** A member that fails although its umbrella is long over, or was never written, stands for itself. */
function leaveWhatIsOver(draft: Draft, incident: Incident, now: number): void {
  if (incident.partOf?.why !== 'storm' || incident.status !== 'firing') return;
  const umbrella = draft.get(incident.partOf.key);
  if (umbrella?.status === 'firing') return;
  const isSaidDone = umbrella?.resolution?.how === 'by-hand' && umbrella.endedAt === undefined;
  if (isSaidDone || (umbrella && mayReopen(umbrella, now))) return;
  draft.put(released(incident, now));
}

type Shared = NonNullable<Storm['shared']>;

function groupShared(draft: Draft, candidates: readonly Incident[], rules: StormRules, now: number): void {
  for (const candidate of candidates) joinOpen(draft, candidate, rules, now);
  const pool = draft.lively().filter((incident) => isLoose(incident, rules, now));
  const isNew = new Set(candidates.map(({ key }) => key));
  const taken = new Set<string>();
  for (const { shared, members } of buckets(pool)) {
    const left = members.filter(({ key }) => !taken.has(key));
    if (left.length < rules.sharing || !left.some(({ key }) => isNew.has(key))) continue;
    for (const [channel, own] of byChannel(left, rules)) {
      if (own.length < 2) continue;
      for (const { key } of own) taken.add(key);
      cover(
        draft,
        { key: stormKey(rules.cluster, channel, shared), cluster: rules.cluster, channel, shared },
        own,
        now,
      );
    }
  }
}

function joinOpen(draft: Draft, candidate: Incident, rules: StormRules, now: number): void {
  const channel = rules.channelOf(candidate);
  for (const shared of sharedBy(candidate)) {
    const umbrella = draft.get(stormKey(rules.cluster, channel ?? '', shared));
    if (umbrella?.status !== 'firing') continue;
    draft.put(joined(candidate, { id: umbrella.id, key: umbrella.key, why: 'storm' }, now));
    return;
  }
}

/** What may still come under an umbrella: young, and nobody's yet. */
function isLoose(incident: Incident, rules: StormRules, now: number): boolean {
  if (incident.kind !== 'root' || !isToBeTold(incident) || incident.ack) return false;
  return incident.channel === undefined || incident.openedAt > now - rules.withinMs;
}

function buckets(pool: readonly Incident[]): { shared: Shared; members: readonly Incident[] }[] {
  const found = new Map<string, { shared: Shared; members: Incident[] }>();
  for (const incident of pool) {
    for (const shared of sharedBy(incident)) {
      const name = `${shared.what} ${shared.name}`;
      const bucket = found.get(name) ?? { shared, members: [] };
      bucket.members.push(incident);
      found.set(name, bucket);
    }
  }
  return [...found.values()].sort(
    (a, b) => b.members.length - a.members.length || TELLING.indexOf(a.shared.what) - TELLING.indexOf(b.shared.what),
  );
}

function sharedBy({ signals }: Incident): readonly Shared[] {
  const found = new Map<string, Shared>();
  for (const { shares } of signals) {
    for (const what of TELLING) {
      const name = shares[what];
      if (name !== undefined && name !== '') found.set(`${what} ${name}`, { what, name });
    }
  }
  return [...found.values()];
}

function digest(draft: Draft, channel: string, candidates: readonly Incident[], rules: StormRules, now: number): void {
  if (rules.incidents === 0) return;
  const isNew = new Set(candidates.map(({ key }) => key));
  const isNewOrYoung = (one: Incident): boolean =>
    isNew.has(one.key) || (isYoung(one, channel, rules, now) && !isExplained(draft, one));
  const young = draft.lively().filter(isNewOrYoung);
  const burst = young.filter((one) => isNew.has(one.key) || one.openedAt > now - BURST_MS);
  if (young.length <= rules.incidents && burst.length < BURST) return;
  const open = openDigest(draft, channel, rules, now);
  const told = burst.length < BURST ? [] : burst.filter((one) => isToBeTold(one) && !one.ack && !isNew.has(one.key));
  cover(draft, open ?? newDigest(rules, channel, now), [...candidates, ...told], now);
}

/** New ones count although they are over or in the digest already; those that an umbrella with a cause has taken do not. */
function isYoung(incident: Incident, channel: string, rules: StormRules, now: number): boolean {
  if (!mayBeOneOfMany(incident) || incident.openedAt <= now - rules.withinMs) return false;
  if (incident.peak === 'info' || incident.silencedBy !== undefined || incident.partOf?.why === 'node') return false;
  return rules.channelOf(incident) === channel;
}

/** Whether an umbrella that names the cause has told it. */
function isExplained(draft: Draft, { partOf }: Incident): boolean {
  return partOf?.why === 'storm' && draft.get(partOf.key)?.storm?.shared !== undefined;
}

/** The digest of this channel, if something has joined it within the window. */
function openDigest(draft: Draft, channel: string, rules: StormRules, now: number): Cover | undefined {
  const digests = draft
    .lively()
    .filter(
      (one) =>
        one.status === 'firing' &&
        one.kind === 'storm' &&
        !one.storm?.shared &&
        one.channel === channel &&
        one.root.name === 'digest',
    );
  const latest = digests.sort((a, b) => b.openedAt - a.openedAt)[0];
  if (!latest) return undefined;
  const hasGrown = draft.lively().some((one) => one.partOf?.key === latest.key && one.openedAt > now - rules.withinMs);
  return hasGrown ? { key: latest.key, cluster: rules.cluster, channel } : undefined;
}

function newDigest(rules: StormRules, channel: string, now: number): Cover {
  const key = stormKey(rules.cluster, `${channel} ${now}`, undefined);
  return { key, cluster: rules.cluster, channel };
}

/** Puts the members under an umbrella that is open, was open a moment ago, or is new. */
function cover(draft: Draft, over: Cover, members: readonly Incident[], now: number): void {
  const known = draft.get(over.key);
  const isUsable = known !== undefined && (known.status === 'firing' || mayReopen(known, now));
  const umbrella = isUsable ? known : raised(over, members, now, known);
  if (!isUsable) draft.put(umbrella);
  for (const { key } of members) {
    const member = draft.get(key);
    if (member) draft.put(joined(member, { id: umbrella.id, key: umbrella.key, why: 'storm' }, now));
  }
}

function byChannel(incidents: readonly Incident[], rules: StormRules): Map<string, Incident[]> {
  const groups = new Map<string, Incident[]>();
  for (const incident of incidents) {
    const channel = rules.channelOf(incident);
    if (channel === undefined) continue;
    const group = groups.get(channel);
    if (group) group.push(incident);
    else groups.set(channel, [incident]);
  }
  return groups;
}
