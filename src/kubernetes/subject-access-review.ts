import { UnavailableError } from '../errors.ts';
import type { Cluster } from './cluster.ts';

/** One thing that RBAC may allow. `namespace` absent: in all of them, or outside of any. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export type ReviewAnswer = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

const REVIEWS = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'subjectaccessreviews',
  namespaced: false,
};

/**
 * Asks the cluster whether a user may do something, as `kubectl auth can-i` words it.
 * @throws UnavailableError when there is no answer, for whatever reason: then nothing may be done.
 */
export async function reviewAccess(
  cluster: Cluster,
  subject: { readonly user: string; readonly groups: readonly string[] },
  right: Right,
): Promise<ReviewAnswer> {
  const answer = await cluster
    .request<{ status?: { allowed?: unknown; denied?: unknown; reason?: string; evaluationError?: string } }>({
      method: 'POST',
      resource: REVIEWS,
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        metadata: {},
        spec: {
          user: subject.user,
          groups: subject.groups,
          // Kubernetes takes an absent namespace and name for "all".
          resourceAttributes: { version: '*', ...right },
        },
      },
    })
    .catch((cause: unknown) => {
      throw new UnavailableError(
        `Cluster ${cluster.name} could not be asked whether you may do this, so nothing was done.`,
        { hint: 'Try again; if it stays so, Shipmate’s account may lack `create subjectaccessreviews` there.', cause },
      );
    });
  const { allowed, denied, reason = '', evaluationError = '' } = answer.status ?? {};
  if (allowed === true && denied !== true) return { allowed: true };
  return { allowed: false, reason: [reason, evaluationError].filter((text) => text !== '').join(' - ') };
}

/** `update deployments.apps/scale "web" in namespace shop`. */
export function describeRight({ verb, group, resource, subresource, namespace, name }: Right): string {
  const kind = group === '' ? resource : `${resource}.${group}`;
  return [
    verb,
    subresource === undefined ? kind : `${kind}/${subresource}`,
    ...(name === undefined ? [] : [JSON.stringify(name)]),
    ...(namespace === undefined ? [] : ['in namespace', namespace]),
  ].join(' ');
}
