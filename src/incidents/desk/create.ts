import { closest } from 'fastest-levenshtein';
import type { Draft } from '../../access/audit/entry.ts';
import type { Asked } from '../../access/policy/asked.ts';
import { EVERY_NAMESPACE } from '../../access/policy/asked.ts';
import type { Person } from '../../chat/invocation.ts';
import type { Message } from '../../chat/message.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import type { KeptBook } from '../book/book.ts';
import type { Incident } from '../incident.ts';
import type { BridgeBoard } from '../relay/board.ts';
import { type AnyRule, DAY } from '../rule.ts';
import type { RuleSettings } from '../settings.ts';
import { compileMatch } from '../silences/match.ts';
import type { Silence } from '../silences/silence.ts';
import type { Silences } from '../silences/silences.ts';
import { bridging } from './bridging.ts';
import type { Actor, Deeds, DeedsDeps } from './deeds.ts';
import { audited, draftOf } from './deeds.ts';
import type { AlertsDesk, ExplainTarget, RuleFacts } from './desk.ts';
import { drillOf } from './drill.ts';
import { explain, type Watched } from './explain.ts';
import { byUrgency, isAskedFor } from './filter.ts';
import { findNamed, noSuchIncident } from './find.ts';
import { type AlertPermission, askedOf, inPlace } from './place.ts';
import { askedForSilence, silenceNamed } from './silencing.ts';
import { statsOf } from './stats.ts';

/** Where silences are kept. */
export type SilenceKeeper = Pick<Silences, 'list' | 'add' | 'revoke'>;

export interface DeskDeps extends Omit<DeedsDeps, 'book'> {
  readonly book: KeptBook;
  readonly deeds: Deeds;
  readonly silences: SilenceKeeper;
  readonly rules: readonly AnyRule[];
  readonly settings: RuleSettings;
  /** Aliases of all clusters. */
  readonly clusters: readonly string[];
  /** Whether the policy allows it, without a note or a refusal: for leaving things out of lists. */
  may(person: Person, channel: string | undefined, asked: readonly Asked[]): Promise<boolean>;
  /** The living message as it would look now. */
  card(incident: Incident): Promise<Message>;
  /** What this replica sees of a cluster; undefined when another one watches it. */
  watched(cluster: string): Watched | undefined;
  /** One look at a place in a cluster that another replica watches. @throws UnavailableError */
  glance?(target: ExplainTarget): Promise<Watched>;
  readonly bridges: BridgeBoard;
  /** As Slack tells it. */
  zoneOf(person: Person): Promise<string | undefined>;
}

const PAST_MOST = 20_000;
const PAST_FOUND_MS = 7 * DAY;
const ID_BEGIN = /^[a-z0-9]{3,7}$/;

export function createAlertsDesk(deps: DeskDeps): AlertsDesk {
  const { book, deeds, clock } = deps;
  const current = async (): Promise<Incident[]> => (await book.current()).map(({ value }) => value);
  const readable = (incidents: readonly Incident[], actor: Actor): Promise<Incident[]> =>
    visibleOf(incidents, actor, deps);
  const must = (actor: Actor, subject: string, asked: readonly Asked[]): Promise<void> =>
    deps.authorise({ person: actor.person, channel: actor.channel ?? '' }, subject, asked);
  /** What is over is found by the beginning of its id; a name would mean every occurrence of it. */
  const pastNamed = async (name: string, actor: Actor): Promise<Incident | undefined> => {
    const begin = name.trim().toLowerCase();
    if (!ID_BEGIN.test(begin)) return undefined;
    const past = await book.past({ since: clock() - PAST_FOUND_MS, limit: PAST_MOST });
    return findNamed(
      begin,
      await readable(
        past.filter(({ id }) => id.startsWith(begin)),
        actor,
      ),
    );
  };
  const named = async (name: string, actor: Actor): Promise<string> => {
    const known = await book.get(name.trim().toLowerCase());
    if (known) return known.value.id;
    const seen = await readable(await current(), actor);
    const found = findNamed(name, seen) ?? (await pastNamed(name, actor));
    if (!found) throw noSuchIncident(name, seen);
    return found.id;
  };
  const ruleOf = (id: string): RuleFacts => {
    const rule = deps.rules.find((one) => one.id.toUpperCase() === id.trim().toUpperCase());
    if (!rule) throw noSuchRule(id, deps.rules);
    return { rule, setting: deps.settings.rule(rule.id) };
  };
  return {
    async list(filter, actor) {
      const asked = (await current()).filter((one) => isAskedFor(one, filter, actor.person, clock()));
      return (await readable(asked, actor)).sort(byUrgency);
    },
    async find(name, actor) {
      const found = await book.get(await named(name, actor));
      if (!found) throw noSuchIncident(name, []);
      await must(actor, found.value.id, askedOf(found.value, 'alerts:read'));
      return found.value;
    },
    card: (incident) => deps.card(incident),
    ack: async (name, actor, isTakenOver) => deeds.ack(await named(name, actor), actor, isTakenOver),
    snooze: async (name, until, actor) => deeds.snooze(await named(name, actor), until, actor),
    escalate: async (name, actor) => deeds.escalate(await named(name, actor), actor),
    resolve: async (name, why, actor) => deeds.resolve(await named(name, actor), why, actor),
    noise: async (name, why, actor) => deeds.noise(await named(name, actor), why, actor),
    async history({ since, limit, ...filter }, actor) {
      const past = await book.past({ since, limit: PAST_MOST });
      const asked = past.filter((one) => isAskedFor(one, { ...filter, status: 'all' }, actor.person, clock()));
      return (await readable(asked, actor)).slice(0, limit);
    },
    async stats(since, actor) {
      const [past, now] = await Promise.all([book.past({ since, limit: PAST_MOST }), current()]);
      const open = now.filter(({ status }) => status === 'firing');
      return statsOf(await readable([...open, ...past], actor));
    },
    async silence({ match, lastingMs, reason }, actor) {
      await must(actor, 'silence', askedForSilence(match, deps.clusters));
      const wish = { match, by: actor.person, reason, until: clock() + lastingMs };
      const draft = draftOfSilence('alerts silence', wish, actor, clock());
      const silence = await audited(
        draft,
        deps,
        () => deps.silences.add(wish),
        ({ id }) => `Silence ${id}.`,
      );
      const matches = compileMatch(match);
      const open = (await current()).filter((one) => one.status === 'firing' && matches(one));
      return { silence, matching: (await readable(open, actor)).length };
    },
    silences: () => deps.silences.list(),
    async unsilence(name, actor) {
      const silence = silenceNamed(name, await deps.silences.list());
      await must(actor, silence.id, askedForSilence(silence.match, deps.clusters));
      const draft = draftOfSilence('alerts unsilence', silence, actor, clock());
      return await audited(
        draft,
        deps,
        () => deps.silences.revoke(silence.id),
        ({ id }) => `Silence ${id} ended.`,
      );
    },
    rules: () => deps.rules.map(({ id }) => ruleOf(id)),
    rule: ruleOf,
    async explain(target, actor) {
      await must(actor, 'explain', [inPlace('alerts:read', target.cluster, target.namespace)]);
      return explain(
        { ...target, rule: target.rule && ruleOf(target.rule).rule.id },
        deps.watched(target.cluster) ?? (await deps.glance?.(target)),
        clock(),
      );
    },
    async test(id, actor) {
      const { rule } = ruleOf(id);
      await must(actor, rule.id, [{ permission: 'alerts:test', anywhere: true }]);
      return await openDrill(rule, actor, deps);
    },
    ...bridging(deps),
    zoneOf: ({ person }) => deps.zoneOf(person).catch(() => undefined),
  };
}

/** One drill of each rule at a time: whoever asks for a second gets the first. */
async function openDrill(rule: AnyRule, actor: Actor, deps: DeskDeps): Promise<Incident> {
  const drill = drillOf(rule, actor, deps.route, deps.clock());
  const before = await deps.book.byKey(drill.key);
  if (before?.value.status === 'firing') return before.value;
  const draft = draftOf('alerts test', drill, actor, deps.clock());
  const record = () => deps.book.record([{ before, after: drill }]);
  const { written, lost } = await audited(draft, deps, record, () => `Drill ${drill.id}.`);
  const found = written[0]?.value ?? (lost.length > 0 ? (await deps.book.byKey(drill.key))?.value : undefined);
  if (!found) throw new ConflictError('Somebody else started this drill just now.', { hint: 'Look at /alerts list.' });
  return found;
}

/** Each place is asked about once, however many incidents are in it. */
async function visibleOf(incidents: readonly Incident[], actor: Actor, deps: DeskDeps): Promise<Incident[]> {
  const answers = new Map<string, Promise<boolean>>();
  const may = (asked: readonly Asked[]): Promise<boolean> => {
    const key = JSON.stringify(asked);
    const known = answers.get(key) ?? deps.may(actor.person, actor.channel, asked);
    answers.set(key, known);
    return known;
  };
  const permission: AlertPermission = 'alerts:read';
  // Who may read everything need not be asked place by place.
  const everywhere = deps.clusters.map((cluster) => inPlace(permission, cluster, EVERY_NAMESPACE));
  if (everywhere.length > 0 && (await may(everywhere))) return [...incidents];
  const allowed = await Promise.all(incidents.map((incident) => may(askedOf(incident, permission))));
  return incidents.filter((_incident, index) => allowed[index]);
}

function draftOfSilence(
  command: string,
  { match, reason, until }: Pick<Silence, 'match' | 'reason' | 'until'>,
  actor: Actor,
  at: number,
): Omit<Draft, 'type'> {
  return {
    at,
    invocation: actor.id,
    who: actor.person,
    command,
    typed: actor.typed,
    where: { cluster: match.clusters?.[0], namespace: match.namespaces?.[0], channel: actor.channel },
    targets: [JSON.stringify(match)],
    reason,
    detail: { until },
  };
}

function noSuchRule(id: string, rules: readonly AnyRule[]): NotFoundError {
  const near =
    rules.length > 0
      ? closest(
          id.toUpperCase(),
          rules.map((rule) => rule.id),
        )
      : undefined;
  return new NotFoundError(`There is no rule "${id}".`, {
    hint: near === undefined ? '`/alerts rules` lists them.' : `Did you mean ${near}? \`/alerts rules\` lists them.`,
  });
}
