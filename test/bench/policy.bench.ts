import type { Request } from '../../src/access/policy/asked.ts';
import { compilePolicy } from '../../src/access/policy/compile.ts';
import { decide } from '../../src/access/policy/decide.ts';
import { type AccessConfig, accessSchema } from '../../src/config/access.ts';
import { figuresOf, type Result } from './figures.ts';

const ROLES = 100;
const RULES_PER_ROLE = 10;
const BINDINGS = 10_000;

/** One decision with 1,000 rules and 10,000 bindings, over a plain scan of the same config. */
export function benchPolicy(rounds: number): Result[] {
  const access = company();
  const policy = compilePolicy(access);
  const requests = Array.from({ length: rounds }, (_, round) => request(round));
  const baseline = requests.map((one) => once(() => naive(access, one)));
  const shipmate = requests.map((one) => once(() => decide(policy, one)));
  return [
    {
      what: 'policy decision, 1,000 rules and 10,000 bindings, over a linear scan',
      baseline: figuresOf(baseline),
      shipmate: figuresOf(shipmate),
      target: 'p99 <= 0.2 ms',
    },
  ];
}

function company(): AccessConfig {
  const roles = Object.fromEntries(
    Array.from({ length: ROLES }, (_, role) => [
      `role-${role}`,
      Array.from({ length: RULES_PER_ROLE }, (_, rule) => ({
        permissions: rule % 2 === 0 ? ['k8s:*'] : ['k8s:get', 'k8s:scale'],
        namespaces: [`team-${role}-${rule}`, `shared-${role}-*`],
      })),
    ]),
  );
  const bindings = Array.from({ length: BINDINGS }, (_, index) => ({
    role: `role-${index % ROLES}`,
    // One busy person stands in every tenth binding, and so in ten roles.
    users: [index % 10 === 0 ? 'U0BUSY' : `U${index}`],
  }));
  return accessSchema.parse({ roles, bindings, deny: [{ permissions: ['k8s:scale'], namespaces: ['kube-*'] }] });
}

function request(round: number): Request {
  return {
    person: { team: 'T1', user: round % 2 === 0 ? 'U0BUSY' : `U${round % BINDINGS}` },
    isHome: true,
    groups: [],
    permission: 'k8s:scale',
    cluster: 'demo',
    namespace: `team-${round % ROLES}-${round % RULES_PER_ROLE}`,
    resource: 'deployments.apps',
    name: 'web',
  };
}

/** What one writes first: go through the file. */
function naive(access: AccessConfig, asked: Request): boolean {
  const matches = (patterns: readonly string[] | undefined, value: string): boolean =>
    patterns?.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(value)) ?? true;
  const fits = (rule: { permissions: string[]; namespaces?: string[] | undefined }): boolean =>
    matches(rule.permissions, asked.permission as string) && matches(rule.namespaces, asked.namespace as string);
  if (access.deny.some(fits)) return false;
  return access.bindings.some(
    ({ role, users }) => users.includes(asked.person.user) && access.roles[role]?.some(fits) === true,
  );
}

function once(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
