import type { Person } from '../chat/invocation.ts';
import { PermissionError } from '../errors.ts';

/**
 * Who may use Shipmate: the allow-list of the config, empty = nobody. Roles, approvals and the audit will stand behind the same door
 * (`authorise`): every command, button and job goes through it, at the click and again at execution.
 */
export interface Access {
  /**
   * @param permission the command's, `k8s:scale`; undefined for what everybody of the workspace may do.
   * @throws PermissionError naming what is missing and who can grant it.
   */
  authorise(person: Person, permission: string | undefined): void;
  may(person: Person, permission: string | undefined): boolean;
}

export interface AllowList {
  readonly people: readonly string[];
  /** Teams people may come from. */
  readonly teams: readonly string[];
  /** Whether a config file was found at all: without one the hint says how to begin. */
  readonly configured: boolean;
}

/** @param homeTeam the workspace that the bot is installed in, allowed when the list names none. */
export function allowListAccess(list: AllowList, homeTeam: () => string | undefined): Access {
  const refusal = (person: Person, permission: string | undefined): PermissionError | undefined =>
    decide(list, homeTeam(), person, permission);
  return {
    authorise(person, permission) {
      const refused = refusal(person, permission);
      if (refused) throw refused;
    },
    may: (person, permission) => refusal(person, permission) === undefined,
  };
}

/** Pure: the refusal, or undefined. */
function decide(
  list: AllowList,
  homeTeam: string | undefined,
  person: Person,
  permission: string | undefined,
): PermissionError | undefined {
  const teams = list.teams.length > 0 ? list.teams : homeTeam === undefined ? [] : [homeTeam];
  const isHome = teams.includes(person.team) || (person.enterprise !== undefined && teams.includes(person.enterprise));
  if (!isHome) {
    return new PermissionError('Shipmate does not work for people of other workspaces.', {
      hint: 'An administrator can add your workspace under access.teams in shipmate.yaml.',
    });
  }
  if (permission === undefined || list.people.includes(person.user)) return undefined;
  if (!list.configured) {
    return new PermissionError('Nobody may use Shipmate yet: there is no config file.', {
      hint: 'Run `npm run init` where Shipmate runs; it writes shipmate.yaml.',
    });
  }
  return new PermissionError(`You may not use this: the permission ${permission} is missing.`, {
    hint: `Whoever keeps shipmate.yaml can add ${person.user} under access.people.`,
  });
}
