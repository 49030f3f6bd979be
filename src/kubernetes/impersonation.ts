import { PermissionError } from '../errors.ts';

/** Somebody on whose behalf a call is made. */
export interface ActingFor {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Built-in identities are never taken on, except the group that everybody is in who has logged in. */
const HARMLESS = 'system:authenticated';
const SENDABLE = /^[\x20-\x7e]+$/;

/**
 * The headers of Kubernetes' user impersonation as alternating names and values. Each group has a header of its own: the API server reads
 * one header with several groups as one group with a comma in its name. The groups are always sent, since with none the server would
 * give the user only what it thinks of itself.
 * @throws PermissionError for what cannot be sent without meaning something else, and for `system:` users and groups. The config is checked
 * for both already; here it is about what leaves.
 */
export function impersonationHeaders({ user, groups }: ActingFor): string[] {
  const all = [...new Set([...groups, HARMLESS])];
  for (const word of [user, ...all]) {
    const isBuiltIn = word.toLowerCase().startsWith('system:') && (word !== HARMLESS || word === user);
    if (SENDABLE.test(word) && !isBuiltIn) continue;
    throw new PermissionError(`Nobody may act as ${JSON.stringify(word)} in Kubernetes.`, {
      hint: 'See access.cluster.people in shipmate.yaml.',
    });
  }
  return ['impersonate-user', user, ...all.flatMap((group) => ['impersonate-group', group])];
}
