import type { AccessConfig, LimitsConfig, RuleConfig } from '../../config/access.ts';
import type { ApprovalsConfig, Approvers } from '../../config/approvals.ts';
import { bytesOf } from '../../etcd/keys.ts';
import { parseDuration } from '../../time.ts';
import { type Matcher, matcherOf } from './glob.ts';

/** A rule ready to be asked; an absent matcher matches everything. */
export interface CompiledRule {
  /** How people find it: `role shop-developer, rule 2`. */
  readonly label: string;
  readonly clusters: Matcher | undefined;
  readonly namespaces: Matcher | undefined;
  readonly resources: Matcher | undefined;
  readonly names: Matcher | undefined;
  readonly etcd: Matcher | undefined;
  /** Key prefixes. */
  readonly keys: readonly Uint8Array[] | undefined;
  readonly channels: Matcher | undefined;
  readonly limits: LimitsConfig | undefined;
}

/** Rules by the permission they are about: exact words in a map, the others one by one. */
export class RuleTable {
  readonly #exact = new Map<string, CompiledRule[]>();
  readonly #globs: { readonly matches: Matcher | undefined; readonly rule: CompiledRule }[] = [];

  get isEmpty(): boolean {
    return this.#exact.size === 0 && this.#globs.length === 0;
  }

  add(permissions: readonly string[], rule: CompiledRule): void {
    const globs = permissions.filter((permission) => permission.includes('*'));
    for (const permission of new Set(permissions)) {
      if (permission.includes('*')) continue;
      const rules = this.#exact.get(permission) ?? [];
      rules.push(rule);
      this.#exact.set(permission, rules);
    }
    if (globs.length > 0) this.#globs.push({ matches: matcherOf(globs), rule });
  }

  /** The first rule about this permission that `accept` takes. */
  find(permission: string, accept: (rule: CompiledRule) => boolean): CompiledRule | undefined {
    const exact = this.#exact.get(permission)?.find(accept);
    if (exact) return exact;
    for (const { matches, rule } of this.#globs) {
      if ((matches === undefined || matches(permission)) && accept(rule)) return rule;
    }
    return undefined;
  }
}

export interface CompiledRole {
  readonly name: string;
  readonly rules: RuleTable;
}

export interface CompiledPolicy {
  readonly roles: readonly CompiledRole[];
  /** By `U…`, or `T…/U…` for a person of another workspace. */
  readonly byUser: ReadonlyMap<string, readonly CompiledRole[]>;
  readonly byGroup: ReadonlyMap<string, readonly CompiledRole[]>;
  readonly everything: ReadonlySet<string>;
  readonly admins: ReadonlySet<string>;
  readonly deny: RuleTable;
  /** Whether anybody has been given anything; until then administrators may do everything. */
  readonly isBound: boolean;
  readonly protects: {
    readonly clusters: Matcher;
    readonly namespaces: Matcher;
    readonly names: Matcher;
  };
}

/** Turns the config into tables, once; every decision afterwards is a few look-ups. A binding to an unknown role gives nothing. */
export function compilePolicy(access: AccessConfig): CompiledPolicy {
  const roles = new Map<string, CompiledRole>();
  for (const [name, rules] of Object.entries(access.roles)) {
    const table = new RuleTable();
    rules.forEach((rule, index) => {
      table.add(rule.permissions, compileRule(rule, `role ${name}, rule ${index + 1}`));
    });
    roles.set(name, { name, rules: table });
  }
  const byUser = new Map<string, CompiledRole[]>();
  const byGroup = new Map<string, CompiledRole[]>();
  for (const { role: name, users, groups } of access.bindings) {
    const role = roles.get(name);
    if (!role) continue;
    for (const user of users) give(byUser, user, role);
    for (const group of groups) give(byGroup, group, role);
  }
  const deny = new RuleTable();
  access.deny.forEach((rule, index) => {
    deny.add(rule.permissions, compileRule(rule, `deny rule ${index + 1}`));
  });
  const { clusters, namespaces, names } = access.protected;
  return {
    roles: [...roles.values()],
    byUser,
    byGroup,
    everything: new Set(access.people),
    admins: new Set(access.admins),
    deny,
    isBound: access.people.length + access.bindings.length > 0,
    protects: { clusters: listed(clusters), namespaces: listed(namespaces), names: listed(names) },
  };
}

function give(map: Map<string, CompiledRole[]>, key: string, role: CompiledRole): void {
  const roles = map.get(key) ?? [];
  if (!roles.includes(role)) roles.push(role);
  map.set(key, roles);
}

function compileRule(rule: RuleConfig, label: string): CompiledRule {
  return {
    label,
    clusters: matcherOf(rule.clusters),
    namespaces: matcherOf(rule.namespaces),
    resources: matcherOf(rule.resources?.map((resource) => resource.toLowerCase())),
    names: matcherOf(rule.names),
    etcd: matcherOf(rule.etcd),
    keys: rule.keys?.includes('*') ? undefined : rule.keys?.map(bytesOf),
    channels: matcherOf(rule.channels),
    limits: rule.args,
  };
}

/** Unlike in rules, what is not listed is not protected. */
function listed(patterns: readonly string[] | undefined): Matcher {
  if (patterns === undefined) return () => false;
  return matcherOf(patterns) ?? (() => true);
}

/** `access.approvals`, ready to be asked. */
export interface CompiledApprovals {
  readonly rules: readonly {
    readonly permits: Matcher;
    readonly scope: CompiledRule;
    readonly approvers: Approvers;
    readonly count: number;
  }[];
  readonly expiresMs: number;
  readonly escalation?: { readonly afterMs: number; readonly to: Approvers } | undefined;
}

export function compileApprovals(approvals: ApprovalsConfig): CompiledApprovals {
  const { rules, expires, escalateAfter, escalateTo } = approvals;
  return {
    rules: rules.map((rule, index) => ({
      permits: listed(rule.permissions),
      scope: compileRule(rule, `approval rule ${index + 1}`),
      approvers: rule.approvers,
      count: rule.count,
    })),
    expiresMs: parseDuration(expires),
    escalation:
      escalateAfter !== undefined && escalateTo !== undefined
        ? { afterMs: parseDuration(escalateAfter), to: escalateTo }
        : undefined,
  };
}
