import { stringify } from 'yaml';
import { WATCHED } from '../../src/incidents/scene/watched.ts';
import type { AnyCommand } from '../../src/pipeline/definition.ts';
import type { Artifact } from './artifact.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * `deploy/kubernetes/rbac.yaml`: what the commands' `rbac` fields and the alert rules need and nothing else. Several ClusterRoles, so that
 * a cluster that Shipmate may only look at, or only watch, binds those alone.
 */
export function kubernetesRbac(commands: readonly AnyCommand[]): readonly Artifact[] {
  const reads = rulesOf(commands.filter((command) => command.risk === 'read'));
  const changes = rulesOf(commands.filter((command) => command.risk !== 'read'));
  const documents = [
    clusterRole('shipmate-read', reads),
    binding('shipmate-read'),
    collectingRole('shipmate-read-more', 'shipmate/aggregate-to-read'),
    binding('shipmate-read-more'),
    clusterRole('shipmate-watch', watching()),
    binding('shipmate-watch'),
    ...(changes.length > 0 ? [clusterRole('shipmate-change', changes), binding('shipmate-change')] : []),
  ];
  const header = [
    '# What Shipmate may do in the cluster: computed from the `rbac` fields of the commands. `shipmate-read` serves the commands that only',
    '# look, without Secrets; label a ClusterRole of yours `shipmate/aggregate-to-read: "true"` to open more to it, such as custom resources.',
    '# `shipmate-watch` is what incidents need: to list and watch what rules judge, and to read evidence (logs, events, revisions).',
    '# Leave `shipmate-change` out where Shipmate must not change anything. Who may use a command is decided in shipmate.yaml.',
    '# Generated from commands/ and the alert rules by `npm run generate`. Do not edit; to narrow it, patch it with kustomize.',
    '',
  ].join('\n');
  const text = header + documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n');
  return [{ path: 'deploy/kubernetes/rbac.yaml', text }];
}

/** What the watcher lists and watches, and what evidence is gathered from. */
function watching(): Rule[] {
  const seen = WATCHED.map(({ group, plural }) => ({ group, resources: [plural], verbs: ['get', 'list', 'watch'] }));
  const evidence = [
    { group: '', resources: ['events'], verbs: ['get', 'list', 'watch'] },
    { group: '', resources: ['pods/log'], verbs: ['get'] },
    { group: 'apps', resources: ['controllerrevisions'], verbs: ['get', 'list'] },
  ];
  return grouped([...seen, ...evidence]);
}

/** One rule for each API group and set of verbs, sorted, without repetition. */
export function rulesOf(commands: readonly AnyCommand[]): Rule[] {
  return grouped(commands.flatMap((command) => command.rbac ?? []));
}

function grouped(needs: readonly NonNullable<AnyCommand['rbac']>[number][]): Rule[] {
  const verbsByTarget = new Map<string, Set<string>>();
  for (const { group, resources, verbs } of needs) {
    for (const resource of resources) {
      const target = JSON.stringify([group, resource]);
      verbsByTarget.set(target, new Set([...(verbsByTarget.get(target) ?? []), ...verbs]));
    }
  }
  const bySignature = Map.groupBy(verbsByTarget, ([target, verbs]) => {
    const [group] = JSON.parse(target) as [string, string];
    return JSON.stringify([group, [...verbs].sort()]);
  });
  return [...bySignature]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([signature, entries]) => {
      const [group, verbs] = JSON.parse(signature) as [string, string[]];
      const resources = entries.map(([target]) => (JSON.parse(target) as [string, string])[1]).sort();
      return { apiGroups: [group], resources, verbs };
    });
}

function clusterRole(name: string, rules: readonly Rule[]): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels: { 'app.kubernetes.io/name': 'shipmate' } },
    rules,
  };
}

/** An empty role that the cluster fills with every ClusterRole that carries the label: how custom resources are opened to Shipmate. */
function collectingRole(name: string, label: string): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels: { 'app.kubernetes.io/name': 'shipmate' } },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: 'true' } }] },
    rules: [],
  };
}

function binding(role: string): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: role, labels: { 'app.kubernetes.io/name': 'shipmate' } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: 'shipmate', namespace: 'shipmate' }],
  };
}
