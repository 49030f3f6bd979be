import type { Person } from '../chat/invocation.ts';
import type { AccessClusterConfig } from '../config/access-cluster.ts';
import { PermissionError } from '../errors.ts';

/** Who somebody is to Kubernetes' own RBAC. */
export interface KubernetesIdentity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** How far the clusters decide about one person. */
export type Standing =
  | { readonly mode: 'off' }
  | { readonly mode: 'review' | 'impersonate'; readonly identity: KubernetesIdentity | undefined };

/** The group that the API server gives to everybody who has logged in; without it a person would have less than they do with kubectl. */
const AUTHENTICATED = 'system:authenticated';

/** @param isHome whether a bare user id in the config means this person. */
export function standingOf({ mode, people }: AccessClusterConfig, person: Person, isHome: boolean): Standing {
  if (mode === 'off') return { mode };
  const qualified = [person.team, person.enterprise]
    .filter((team) => team !== undefined)
    .map((team) => `${team}/${person.user}`);
  const key = [...qualified, ...(isHome ? [person.user] : [])].find((one) => Object.hasOwn(people, one));
  const found = key === undefined ? undefined : people[key];
  return {
    mode,
    identity: found && { user: found.user, groups: [...new Set([...found.groups, AUTHENTICATED])] },
  };
}

/** @throws PermissionError for somebody whom no cluster can know. */
export function knownIdentity(standing: Exclude<Standing, { mode: 'off' }>, person: Person): KubernetesIdentity {
  if (standing.identity) return standing.identity;
  throw new PermissionError('The clusters decide here, too, and they do not know you: you have no Kubernetes user.', {
    hint: `Whoever keeps shipmate.yaml can name it under access.cluster.people.${person.user}.`,
  });
}
