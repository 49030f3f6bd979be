import { type KeyRange, outsidePrefixes, overlapsPrefix } from '../../etcd/keys.ts';
import { type Asked, type AskedRange, type Decision, describePlace, EVERY_NAMESPACE, type Request } from './asked.ts';
import type { CompiledPolicy, CompiledRole, CompiledRule } from './compile.ts';
import type { Matcher } from './glob.ts';
import { exceeded } from './limits.ts';

/**
 * Whether a person may do one thing. Pure.
 *
 * Deny rules come first and match whatever they *touch*; rules of roles must *cover* the whole of what is asked. So a list of all
 * namespaces needs a rule for all of them and is refused by a deny rule for one. Nothing matches = denied.
 */
export function decide(policy: CompiledPolicy, request: Request): Decision {
  const { permission } = request;
  if (permission === undefined) return { allowed: true, by: 'everybody of the workspace' };
  const ids = idsOf(request);
  const denied = policy.deny.find(permission, (rule) => touches(rule, request));
  if (denied) return refusal(request, permission, { deniedBy: denied.label, roles: [] });
  if (ids.some((id) => policy.everything.has(id))) return { allowed: true, by: 'access.people' };
  if (!policy.isBound && ids.some((id) => policy.admins.has(id)))
    return { allowed: true, by: 'administrator, while nobody is bound' };

  let limit: string | undefined;
  const accept = (rule: CompiledRule): boolean => {
    if (!covers(rule, request)) return false;
    const why = exceeded(rule.limits, request.facts);
    if (why === undefined) return true;
    limit ??= `${rule.label}: ${why}`;
    return false;
  };
  for (const role of rolesOf(policy, ids, request.groups)) {
    const rule = role.rules.find(permission, accept);
    if (rule) return { allowed: true, by: rule.label };
  }
  const could = policy.roles.filter((role) =>
    role.rules.find(permission, (rule) => covers(rule, request) && exceeded(rule.limits, request.facts) === undefined),
  );
  return refusal(request, permission, { limit, roles: could.map((role) => role.name) });
}

/** Whether a person holds a permission in any place, for help. Pure. Deny rules count only where they leave nothing. */
export function holds(
  policy: CompiledPolicy,
  request: Pick<Request, 'person' | 'isHome' | 'groups' | 'permission'>,
): boolean {
  const { permission } = request;
  if (permission === undefined) return true;
  if (policy.deny.find(permission, isEverywhere)) return false;
  const ids = idsOf(request);
  if (ids.some((id) => policy.everything.has(id) || (!policy.isBound && policy.admins.has(id)))) return true;
  for (const role of rolesOf(policy, ids, request.groups)) if (role.rules.find(permission, () => true)) return true;
  return false;
}

/** The ids under which the config may name a person. */
export function idsOf({ person, isHome }: Pick<Request, 'person' | 'isHome'>): readonly string[] {
  const whole = `${person.team}/${person.user}`;
  const grid = person.enterprise === undefined ? [] : [`${person.enterprise}/${person.user}`];
  return isHome ? [person.user, whole, ...grid] : [whole, ...grid];
}

function* rolesOf(
  policy: CompiledPolicy,
  ids: readonly string[],
  groups: readonly string[],
): Generator<CompiledRole, void, void> {
  const seen = new Set<CompiledRole>();
  const lists = [...ids.map((id) => policy.byUser.get(id)), ...groups.map((group) => policy.byGroup.get(group))];
  for (const roles of lists) {
    for (const role of roles ?? []) {
      if (seen.has(role)) continue;
      seen.add(role);
      yield role;
    }
  }
}

/** Whether the rule allows the whole of what is asked. A part that the request does not name is asked for as a whole. */
function covers(rule: CompiledRule, asked: Request): boolean {
  if (asked.anywhere) return coversOne(rule.channels, asked.channel);
  return (
    coversOne(rule.clusters, asked.cluster) &&
    coversOne(rule.namespaces, asked.namespace === EVERY_NAMESPACE ? undefined : asked.namespace) &&
    (rule.resources === undefined || (asked.resource !== undefined && isResource(rule.resources, asked.resource))) &&
    coversOne(rule.names, asked.name) &&
    coversOne(rule.etcd, asked.etcd) &&
    coversKeys(rule.keys, asked.keys) &&
    coversOne(rule.channels, asked.channel)
  );
}

function coversOne(matcher: Matcher | undefined, value: string | undefined): boolean {
  return matcher === undefined || (value !== undefined && matcher(value));
}

function coversKeys(prefixes: readonly Uint8Array[] | undefined, asked: Asked['keys']): boolean {
  if (prefixes === undefined) return true;
  if (asked === undefined || asked.length === 0) return false;
  return asked.every((range) => outsidePrefixes(rangeOf(range), prefixes).length === 0);
}

/** Whether a deny rule's scope and what is asked have anything in common. */
export function touches(rule: CompiledRule, asked: Asked & Pick<Request, 'channel'>): boolean {
  if (asked.anywhere) return isEverywhere(rule);
  const isKubernetes = asked.cluster !== undefined;
  const isEtcd = asked.etcd !== undefined;
  return (
    touchesOne(rule.clusters, asked.cluster, false) &&
    touchesOne(rule.namespaces, asked.namespace === EVERY_NAMESPACE ? undefined : asked.namespace, isEvery(asked)) &&
    (rule.resources === undefined ||
      (asked.resource === undefined ? isKubernetes : isResource(rule.resources, asked.resource, true))) &&
    touchesOne(rule.names, asked.name, isKubernetes) &&
    touchesOne(rule.etcd, asked.etcd, false) &&
    touchesKeys(rule.keys, asked.keys, isEtcd) &&
    touchesOne(rule.channels, asked.channel, true)
  );
}

function isEvery(asked: Asked): boolean {
  return asked.namespace === EVERY_NAMESPACE;
}

/** @param whole whether an absent value means "all of them" rather than "none". */
function touchesOne(matcher: Matcher | undefined, value: string | undefined, whole: boolean): boolean {
  if (matcher === undefined) return true;
  return value === undefined ? whole : matcher(value);
}

function touchesKeys(prefixes: readonly Uint8Array[] | undefined, asked: Asked['keys'], whole: boolean): boolean {
  if (prefixes === undefined) return true;
  if (asked === undefined) return whole;
  return asked.some((range) => prefixes.some((prefix) => overlapsPrefix(rangeOf(range), prefix)));
}

/**
 * A bare plural means Kubernetes' own kinds: somebody who can define a `deployments.evil.example` must not gain what a rule says about
 * `deployments`. Deny rules take the bare plural for any group.
 */
function isResource(matcher: Matcher, resource: string, isDeny = false): boolean {
  if (matcher(resource)) return true;
  const dot = resource.indexOf('.');
  if (dot < 0) return false;
  const group = resource.slice(dot + 1);
  return (isDeny || !group.includes('.') || group.endsWith('.k8s.io')) && matcher(resource.slice(0, dot));
}

function isEverywhere(rule: CompiledRule): boolean {
  const { clusters, namespaces, resources, names, etcd, keys, channels } = rule;
  return [clusters, namespaces, resources, names, etcd, keys, channels].every((part) => part === undefined);
}

function rangeOf({ key, rangeEnd }: AskedRange): KeyRange {
  const start = Buffer.from(key, 'hex');
  return rangeEnd === undefined ? { key: start } : { key: start, rangeEnd: Buffer.from(rangeEnd, 'hex') };
}

function refusal(
  request: Request,
  missing: string,
  why: { deniedBy?: string; limit?: string | undefined; roles: readonly string[] },
): Decision {
  return { allowed: false, missing, where: describePlace(request), ...why };
}
