import type { Access } from '../access/access.ts';
import { knownIdentity } from '../access/cluster-identity.ts';
import { type Asked, EVERY_NAMESPACE } from '../access/policy/asked.ts';
import type { Person } from '../chat/invocation.ts';
import { PermissionError } from '../errors.ts';
import type { Clusters } from '../kubernetes/cluster.ts';
import { describeRight, type Right, reviewAccess } from '../kubernetes/subject-access-review.ts';
import type { AnyCommand } from './definition.ts';

/**
 * What the command does with each object it was asked about, from the verbs that it declares: with them the cluster can be asked about the
 * person. What the bot looks at beside (autoscalers, budgets) is its own affair.
 */
export function withVerbs(command: AnyCommand, asked: readonly Asked[]): readonly Asked[] {
  return asked.map((one) => (one.cluster === undefined ? one : { ...one, verbs: verbsOf(command, one) }));
}

/** `get`, or with a subresource `update scale`. */
function verbsOf({ rbac = [], risk }: AnyCommand, { resource, name }: Asked): readonly string[] {
  const { plural, group } = kindOf(resource);
  const declared = rbac
    .filter((rule) => rule.group === group || rule.group === '*')
    .flatMap(({ resources, verbs }) =>
      resources
        .filter((each) => each === plural || each.startsWith(`${plural}/`))
        .flatMap((each) => verbs.map((verb) => [verb, each.slice(plural.length + 1)].filter(Boolean).join(' '))),
    );
  // Beside the object itself, a read may want a part of it that has a right of its own: `get log`.
  if (risk === 'read')
    return [name === undefined ? 'list' : 'get', ...new Set(declared.filter((verb) => verb.includes(' ')))];
  // Looking for one object among all, and watching it, are the bot's ways of getting it.
  const found = declared.filter((verb) => name === undefined || !/^(list|watch)\b/.test(verb));
  // A kind that the command does not know of: only those who may do everything with it.
  return found.length === 0 ? ['*'] : [...new Set(found)];
}

/** The kind of a qualified plural; everything where none is named. */
function kindOf(resource: string | undefined): { plural: string; group: string } {
  if (resource === undefined) return { plural: '*', group: '*' };
  const dot = resource.indexOf('.');
  return dot < 0 ? { plural: resource, group: '' } : { plural: resource.slice(0, dot), group: resource.slice(dot + 1) };
}

function rightsOf({ resource, namespace, name, verbs = [] }: Asked): Right[] {
  const { plural, group } = kindOf(resource);
  return verbs.map((words) => {
    const [verb = '', subresource] = words.split(' ');
    return {
      verb,
      group,
      resource: plural,
      ...(subresource === undefined ? {} : { subresource }),
      ...(namespace === undefined || namespace === EVERY_NAMESPACE ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    };
  });
}

/**
 * The clusters' own answer, where the config wants one.
 * @throws PermissionError in kubectl's words, or when nobody in Kubernetes stands for this person; UnavailableError without an answer.
 */
export async function reviewInClusters(
  deps: { readonly access: Pick<Access, 'standing'>; readonly clusters: Clusters },
  person: Person,
  asked: readonly Asked[],
): Promise<void> {
  const inClusters = asked.filter((one) => one.cluster !== undefined);
  const standing = deps.access.standing(person);
  if (standing.mode === 'off' || inClusters.length === 0) return;
  const identity = knownIdentity(standing, person);
  // Then its answer comes with each call.
  if (standing.mode === 'impersonate') return;
  if (inClusters.some(({ verbs }) => verbs === undefined))
    throw new PermissionError('This was asked for before the clusters had to agree, so they cannot be asked now.', {
      hint: 'Run the command again.',
    });
  await Promise.all(
    inClusters.flatMap((one) =>
      rightsOf(one).map(async (right) => {
        const cluster = deps.clusters.get(one.cluster);
        const answer = await reviewAccess(cluster, identity, right);
        if (answer.allowed) return;
        const why = answer.reason === '' ? '' : ` - ${answer.reason}`;
        throw new PermissionError(
          `no${why}: user ${JSON.stringify(identity.user)} may not ${describeRight(right)} on cluster ${cluster.name}`,
          { hint: 'The RBAC of the cluster lacks this right; whoever administers the cluster can grant it.' },
        );
      }),
    ),
  );
}
