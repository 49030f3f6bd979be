import { clone, type Json } from '../object.ts';
import type { Resource } from '../resources.ts';
import { invalid } from '../status.ts';

/** What one request is about, in the words of RBAC. */
export interface Attributes {
  verb: string;
  group: string;
  resource: string;
  subresource?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
  /** Who asks, when not the token's owner: impersonated, or reviewed. */
  user?: string | undefined;
}

/** A request made on somebody's behalf, as it arrived. */
export interface Impersonation {
  readonly user: string;
  /** One for each header. */
  readonly groups: readonly string[];
  readonly verb: string;
  readonly resource: string;
}

/** Something the token's owner may not do; absent fields match everything. */
export type Denial = Partial<Attributes>;

/** Decides like RBAC would for the practice cluster's one user: everything, except what a test takes away. */
export class Access {
  readonly user = 'shipmate';
  readonly impersonations: Impersonation[] = [];
  #denials: Denial[] = [];

  deny(denial: Denial): void {
    this.#denials.push(denial);
  }

  allowAll(): void {
    this.#denials = [];
  }

  isAllowed(asked: Attributes): boolean {
    return !this.#denials.some((denial) =>
      (Object.keys(denial) as (keyof Attributes)[]).every(
        (field) => denial[field] === undefined || denial[field] === (asked[field] ?? ''),
      ),
    );
  }

  /** The authorizer's sentence, as it follows `is forbidden: `. */
  refusal(asked: Attributes): string {
    const resource = asked.subresource ? `${asked.resource}/${asked.subresource}` : asked.resource;
    const where = asked.namespace ? `in the namespace "${asked.namespace}"` : 'at the cluster scope';
    return `User "${asked.user ?? this.user}" cannot ${asked.verb} resource "${resource}" in API group "${asked.group}" ${where}`;
  }

  /** Answers the authorization.k8s.io reviews. @throws ApiError 422 when neither resource nor path is asked about. */
  review(resource: Resource, body: Json): Json {
    const answer = clone(body);
    answer.kind = resource.kind;
    answer.apiVersion = 'authorization.k8s.io/v1';
    answer.metadata ??= {};
    if (resource.kind === 'SelfSubjectRulesReview') {
      answer.status = {
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        incomplete: false,
      };
      return answer;
    }
    const asked = body?.spec?.resourceAttributes;
    if (!asked && !body?.spec?.nonResourceAttributes) {
      const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
      throw invalid('authorization.k8s.io', '', '', [
        { field: 'spec.resourceAttributes', type: 'Invalid value', value: null, detail },
      ]);
    }
    const isAllowed =
      !asked ||
      this.isAllowed({
        verb: asked.verb ?? '',
        group: asked.group ?? '',
        resource: asked.resource ?? '',
        subresource: asked.subresource,
        namespace: asked.namespace,
        name: asked.name,
        user: body.spec.user,
      });
    answer.status = isAllowed
      ? { allowed: true, reason: 'the practice cluster allows everything' }
      : { allowed: false };
    return answer;
  }
}
