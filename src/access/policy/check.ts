import { closest, distance } from 'fastest-levenshtein';
import type { RuleConfig } from '../../config/access.ts';
import type { FileConfig } from '../../config/file.ts';
import type { Problem } from '../../config/problem.ts';
import { readYaml } from '../../config/yaml-source.ts';
import { matcherOf } from './glob.ts';

type Path = readonly (string | number)[];
type Report = (path: Path, message: string, fix?: string) => void;
type Rule = Omit<RuleConfig, 'args'>;

/** Permissions that belong to no single command. */
export const HOUSE_PERMISSIONS = ['shipmate:admin', 'shipmate:break-glass'];

/** What people type for short, and what the policy calls it. */
const SHORT: Readonly<Record<string, string>> = {
  po: 'pods',
  pod: 'pods',
  deploy: 'deployments',
  deployment: 'deployments',
  sts: 'statefulsets',
  statefulset: 'statefulsets',
  ds: 'daemonsets',
  daemonset: 'daemonsets',
  rs: 'replicasets',
  replicaset: 'replicasets',
  svc: 'services',
  service: 'services',
  cm: 'configmaps',
  configmap: 'configmaps',
  secret: 'secrets',
  no: 'nodes',
  node: 'nodes',
  ns: 'namespaces',
  namespace: 'namespaces',
  job: 'jobs',
  cj: 'cronjobs',
  cronjob: 'cronjobs',
  ing: 'ingresses',
  ingress: 'ingresses',
  pvc: 'persistentvolumeclaims',
  pv: 'persistentvolumes',
  hpa: 'horizontalpodautoscalers',
  pdb: 'poddisruptionbudgets',
  sa: 'serviceaccounts',
  ev: 'events',
  event: 'events',
};
const ONLY_KUBERNETES = ['clusters', 'namespaces', 'resources', 'names'] as const;
/** An alert is where its object is. */
const OF_ALERTS: readonly string[] = ['clusters', 'namespaces'];
const ONLY_ETCD = ['etcd', 'keys'] as const;
const NAMESPACE = /^[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?$/;

/**
 * What a valid file's `access` says that cannot be meant: words that name nothing, and rules that can never match. Pure.
 * @param permissions every permission that a command has.
 */
export function checkPolicy(path: string, text: string, file: FileConfig, permissions: readonly string[]): Problem[] {
  const source = readYaml(path, text);
  const problems: Problem[] = [];
  const report: Report = (at, message, fix) => {
    problems.push({
      where: source.at(['access', ...at]),
      message: `\`access.${at.join('.')}\` ${message}`,
      ...(fix && { fix }),
    });
  };
  const known = [...new Set([...permissions, ...HOUSE_PERMISSIONS])].sort();
  const { roles, bindings, deny, protected: guarded } = file.access;
  const clusters = Object.keys(file.clusters);
  const etcd = Object.keys(file.etcd);
  const rule = (at: Path, one: Rule): void => {
    checkPermissions([...at, 'permissions'], one.permissions, known, report);
    checkAliases([...at, 'clusters'], one.clusters, clusters, 'cluster', report);
    checkAliases([...at, 'etcd'], one.etcd, etcd, 'etcd cluster', report);
    checkWords(at, one, report);
    checkReach(at, one, known, report);
  };
  for (const [name, rules] of Object.entries(roles)) {
    for (const [index, one] of rules.entries()) rule(['roles', name, index], one);
  }
  for (const [index, one] of deny.entries()) rule(['deny', index], one);
  for (const [index, one] of file.access.approvals.rules.entries()) rule(['approvals', 'rules', index], one);
  bindings.forEach(({ role }, index) => {
    if (role in roles) return;
    report(
      ['bindings', index, 'role'],
      `names the role ${role}, which is not defined.`,
      nearestOf(role, Object.keys(roles), 'roles'),
    );
  });
  checkAliases(['protected', 'clusters'], guarded.clusters, [...clusters, ...etcd], 'cluster', report);
  return problems;
}

function checkPermissions(at: Path, permissions: readonly string[], known: readonly string[], report: Report): void {
  permissions.forEach((permission, index) => {
    const matches = matcherOf([permission]);
    if (matches === undefined || known.some(matches)) return;
    const message = permission.includes('*')
      ? 'matches no permission that exists.'
      : `: there is no permission ${permission}.`;
    report([...at, index], message.replace(/^: /, 'is unknown: '), nearestOf(permission, known, 'permissions'));
  });
}

function checkAliases(
  at: Path,
  patterns: readonly string[] | undefined,
  known: readonly string[],
  what: string,
  report: Report,
): void {
  patterns?.forEach((pattern, index) => {
    const matches = matcherOf([pattern]);
    if (matches === undefined || known.some(matches)) return;
    report([...at, index], `names no ${what} of this file.`, nearestOf(pattern, known, `${what}s`));
  });
}

function checkWords(at: Path, { namespaces, resources, channels }: Rule, report: Report): void {
  namespaces?.forEach((namespace, index) => {
    if (!NAMESPACE.test(namespace))
      report([...at, 'namespaces', index], 'can never match: a namespace is lower-case letters, digits and "-".');
  });
  resources?.forEach((resource, index) => {
    const plural = SHORT[resource.toLowerCase()];
    if (plural !== undefined)
      report([...at, 'resources', index], 'can never match: kinds are named by their plural.', `Write \`${plural}\`.`);
    else if (resource.includes('/'))
      report([...at, 'resources', index], 'can never match: it is a kind alone.', 'Put the name under `names`.');
  });
  channels?.forEach((channel, index) => {
    if (!/^[CDG*][A-Z0-9*]*$/.test(channel))
      report([...at, 'channels', index], 'can never match: a channel is given by its id, such as C024BE91L.');
  });
}

/** A scope that none of the rule's permissions has: keys beside `k8s:get`, namespaces beside `etcd:read`. */
function checkReach(at: Path, rule: Rule, known: readonly string[], report: Report): void {
  const matches = matcherOf(rule.permissions);
  const reached = new Set(known.filter((one) => matches === undefined || matches(one)).map((one) => one.split(':')[0]));
  if (reached.size === 0) return;
  const beside = reached.has('alerts') ? ONLY_KUBERNETES.filter((key) => !OF_ALERTS.includes(key)) : ONLY_KUBERNETES;
  const foreign = [...(reached.has('k8s') ? [] : beside), ...(reached.has('etcd') ? [] : ONLY_ETCD)].filter(
    (key) => rule[key] !== undefined && !rule[key]?.includes('*'),
  );
  for (const key of foreign)
    report(
      [...at, key],
      `can never match: ${rule.permissions.join(', ')} has no ${key}.`,
      'Remove it, or make two rules.',
    );
  const isBoth =
    ONLY_KUBERNETES.some((key) => rule[key] !== undefined) && ONLY_ETCD.some((key) => rule[key] !== undefined);
  if (foreign.length === 0 && isBoth)
    report(at, 'can never match: nothing is in Kubernetes and in etcd at once.', 'Make two rules.');
}

function nearestOf(word: string, known: readonly string[], what: string): string {
  const near = known.length > 0 ? closest(word, [...known]) : undefined;
  if (near !== undefined && distance(word, near) <= Math.max(2, Math.floor(word.length / 3)))
    return `Did you mean \`${near}\`?`;
  return known.length === 0 ? `No ${what} are defined.` : `Known ${what}: ${known.join(', ')}.`;
}
