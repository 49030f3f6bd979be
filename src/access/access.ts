import type { Person } from '../chat/invocation.ts';
import type { AccessConfig } from '../config/access.ts';
import type { Approvers } from '../config/approvals.ts';
import { type Standing, standingOf } from './cluster-identity.ts';
import { DeniedError } from './denied.ts';
import { type ChangeTier, type Gate, gateOf } from './gate.ts';
import type { Asked, Decision, Facts, Request } from './policy/asked.ts';
import { type CompiledPolicy, compileApprovals, compilePolicy } from './policy/compile.ts';
import { decide, holds, idsOf } from './policy/decide.ts';
import type { Groups } from './policy/groups.ts';

/**
 * The door that every command, button and job goes through, at the click and again at execution. The decisions are `policy/decide.ts`;
 * here is what they need to know about the person: the workspace, the user groups, and who claimed the bot.
 */
export interface Access {
  /** Decides about all of it together: the first refusal is the answer. */
  judge(person: Person, asked: readonly Asked[], more?: JudgeOptions): Promise<Judgement>;
  /** What the person is told. */
  refusal(person: Person, judgement: Refused): DeniedError;
  /** Whether the permission is held in any place; for help, from memory. */
  may(person: Person, permission: string | undefined): boolean;
  /** Whether the person may do everything everywhere, so that no detail of a command can matter. */
  mayEverything(person: Person): boolean;
  isAdministrator(person: Person): boolean;
  /** Whether the clusters decide about this person, too, and who they are there. */
  standing(person: Person): Standing;
  /** Whether a plan touches something that the config protects. */
  isProtected(place: { cluster?: string; etcd?: string; namespace?: string; targets: readonly string[] }): boolean;
  /** What stands between this plan and its execution now. */
  gate(plan: { risk: ChangeTier; asked?: readonly Asked[] | undefined }): Gate;
  /** Whether the person is one of these: by name, or by a user group as it is now. */
  isOneOf(person: Person, approvers: Approvers): Promise<boolean>;
  /** Workspaces (and organisations) people may come from; empty until Slack has said where the bot is installed. */
  allowedTeams(): readonly string[];
  /** Takes a new `access` into use, for everything decided from now on. */
  use(access: AccessConfig): void;
  /** Whether somebody could use Shipmate at all: if not, it can be claimed. */
  isUnclaimed(): boolean;
}

export interface JudgeOptions {
  readonly channel?: string | undefined;
  readonly facts?: Facts | undefined;
  /** Just before something happens, user groups that were read a while ago are read again: somebody may have been taken out. */
  readonly isLastWord?: boolean;
}

export type Judgement = { readonly allowed: true; readonly by: readonly string[] } | Refused;
export interface Refused {
  readonly allowed: false;
  readonly why: 'foreign' | Extract<Decision, { allowed: false }>;
}

export interface AccessDeps {
  /** The workspace that the bot is installed in; undefined until Slack has said. */
  homeTeam(): string | undefined;
  readonly groups: Groups;
  /** Administrators by claim, as `TEAM/USER`. */
  claimed(): ReadonlySet<string>;
  /** Whether a config file was found at all: without one the hint says how to begin. */
  readonly configured: boolean;
}

/** A refusal because of groups is looked at again when they were read longer ago than this. */
const GROUPS_MAY_BE_OLD_MS = 10_000;
const GROUPS_LAST_WORD_MS = 30_000;
const NAMED_AT_MOST = 3;

export function createAccess(config: AccessConfig, deps: AccessDeps): Access {
  let current = config;
  let policy = compilePolicy(config);
  let approvals = compileApprovals(config.approvals);

  const teams = (): readonly string[] => {
    const home = deps.homeTeam();
    return current.teams.length > 0 ? current.teams : home === undefined ? [] : [home];
  };
  const isAllowedTeam = ({ team, enterprise }: Person): boolean =>
    teams().includes(team) || (enterprise !== undefined && teams().includes(enterprise));
  /** With several workspaces a bare id means the bot's own: the same id may be somebody else elsewhere (T18). */
  const isHome = ({ team, enterprise }: Person): boolean =>
    teams().length === 1 || team === deps.homeTeam() || (enterprise !== undefined && teams().includes(enterprise));
  const asker = (person: Person) => {
    const home = isHome(person);
    return { person, isHome: home, groups: home ? deps.groups.of(person) : [] };
  };
  const effective = (): CompiledPolicy => {
    const claimed = deps.claimed();
    return claimed.size === 0 ? policy : { ...policy, admins: new Set([...policy.admins, ...claimed]) };
  };
  const decideAll = (requests: readonly Omit<Request, 'person' | 'isHome' | 'groups'>[], person: Person): Judgement => {
    const who = asker(person);
    const by: string[] = [];
    for (const request of requests) {
      const decision = decide(effective(), { ...request, ...who });
      if (!decision.allowed) return { allowed: false, why: decision };
      by.push(decision.by);
    }
    return { allowed: true, by: [...new Set(by)] };
  };
  const admins = (): readonly string[] => [...effective().admins].map((id) => id.split('/').at(-1) as string);

  return {
    async judge(person, asked, more = {}) {
      if (!isAllowedTeam(person)) return { allowed: false, why: 'foreign' };
      const { channel, facts, isLastWord } = more;
      const requests = asked.map((one) => ({ ...one, channel, facts }));
      if (isLastWord && policy.byGroup.size > 0) await deps.groups.refresh(GROUPS_LAST_WORD_MS);
      const first = decideAll(requests, person);
      if (first.allowed || policy.byGroup.size === 0) return first;
      await deps.groups.refresh(GROUPS_MAY_BE_OLD_MS);
      return decideAll(requests, person);
    },
    refusal: (person, { why }) => (why === 'foreign' ? foreign() : refused(person, why, admins(), deps.configured)),
    may: (person, permission) => isAllowedTeam(person) && holds(effective(), { ...asker(person), permission }),
    mayEverything: (person) =>
      isAllowedTeam(person) && policy.deny.isEmpty && idsOf(asker(person)).some((id) => policy.everything.has(id)),
    isAdministrator: (person) =>
      isAllowedTeam(person) &&
      idsOf(asker(person)).some((id) => effective().admins.has(id) || policy.everything.has(id)),
    standing: (person) => standingOf(current.cluster, person, isHome(person)),
    isProtected: ({ cluster, etcd, namespace, targets }) =>
      [cluster, etcd].some((alias) => alias !== undefined && policy.protects.clusters(alias)) ||
      (namespace !== undefined && policy.protects.namespaces(namespace)) ||
      targets.some(
        (target) => policy.protects.names(target) || policy.protects.names(target.slice(target.indexOf('/') + 1)),
      ),
    gate: (plan) => gateOf(plan, approvals, [...effective().admins, ...policy.everything]),
    async isOneOf(person, { users, groups }) {
      if (!isAllowedTeam(person)) return false;
      if (idsOf(asker(person)).some((id) => users.includes(id))) return true;
      if (groups.length === 0) return false;
      // Who was taken out of a group must not approve any more, so memory is not enough.
      await deps.groups.refresh(GROUPS_MAY_BE_OLD_MS);
      return asker(person).groups.some((group) => groups.includes(group));
    },
    allowedTeams: teams,
    use(access) {
      current = access;
      policy = compilePolicy(access);
      approvals = compileApprovals(access.approvals);
    },
    isUnclaimed: () => !policy.isBound && effective().admins.size === 0,
  };
}

function foreign(): DeniedError {
  return new DeniedError('Shipmate does not work for people of other workspaces.', {
    hint: 'An administrator can add your workspace under access.teams in shipmate.yaml.',
  });
}

function refused(
  person: Person,
  why: Extract<Decision, { allowed: false }>,
  admins: readonly string[],
  configured: boolean,
): DeniedError {
  const where = why.where === '' ? '' : ` ${why.where}`;
  const people = admins.slice(0, NAMED_AT_MOST);
  if (why.deniedBy !== undefined)
    return new DeniedError(`Nobody may use this here: ${why.deniedBy} forbids ${why.missing}${where}.`, {
      hint: 'Ask for less, or ask whoever keeps shipmate.yaml about access.deny.',
      people,
    });
  if (why.limit !== undefined)
    return new DeniedError(`You may not go this far with ${why.missing}${where}: ${why.limit}.`, {
      hint: 'Ask for less, or ask somebody who may do more.',
      people,
    });
  if (!configured && admins.length === 0)
    return new DeniedError('Nobody may use Shipmate yet: there is no config file.', {
      hint: 'Run `npm run init` where Shipmate runs; it writes shipmate.yaml.',
    });
  const roles =
    why.roles.length === 0
      ? 'No role has it here.'
      : `${why.roles.length === 1 ? 'The role' : 'The roles'} ${why.roles.slice(0, NAMED_AT_MOST).join(', ')} would give it.`;
  return new DeniedError(`You may not use this: the permission ${why.missing} is missing${where}.`, {
    hint: `${roles} Whoever keeps shipmate.yaml can bind ${person.user} to one under access.bindings, or add them to access.people.`,
    people,
  });
}
