import type { Json } from '../object.ts';
import { groupVersionOf, type Resource, type Resources } from '../resources.ts';

/** The kinds that subresources take or give. */
const SUBRESOURCE_KIND: Record<string, { group: string; version: string; kind: string; verbs: string[] }> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  binding: { group: '', version: 'v1', kind: 'Binding', verbs: ['create'] },
  log: { group: '', version: 'v1', kind: 'Pod', verbs: ['get'] },
  finalize: { group: '', version: 'v1', kind: 'Namespace', verbs: ['update'] },
};

/** `/api` without aggregation. */
export function coreVersions(host: string): Json {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: host }],
  };
}

function versionsOf(resources: Resources): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, version } of resources.all()) {
    const versions = groups.get(group) ?? [];
    if (!versions.includes(version)) versions.push(version);
    groups.set(group, versions);
  }
  groups.delete('');
  return groups;
}

/** `/apis` without aggregation. */
export function groupList(resources: Resources): Json {
  const groups = [...versionsOf(resources)].map(([name, versions]) => group(name, versions, false));
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

/** `/apis/GROUP`, undefined when it is not served. */
export function apiGroup(resources: Resources, name: string): Json | undefined {
  const versions = versionsOf(resources).get(name);
  return versions && group(name, versions, true);
}

function group(name: string, versions: string[], isAlone: boolean): Json {
  const entries = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return {
    ...(isAlone ? { kind: 'APIGroup', apiVersion: 'v1' } : {}),
    name,
    versions: entries,
    preferredVersion: entries[0],
  };
}

/** `/api/v1` and `/apis/GROUP/VERSION`: an APIResourceList, undefined when it is not served. */
export function resourceList(resources: Resources, groupName: string, version: string): Json | undefined {
  const rows = rowsOf(resources, groupName, version);
  if (rows.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    ...(groupName === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: groupVersionOf({ group: groupName, version }),
    resources: rows.flatMap((resource) => [
      {
        name: resource.plural,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: resource.verbs,
        ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
        ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
      },
      ...resource.subresources.map((name) => {
        const { verbs, ...kind } = subresourceKind(resource, name);
        return {
          name: `${resource.plural}/${name}`,
          singularName: '',
          namespaced: resource.namespaced,
          ...kind,
          verbs,
        };
      }),
    ]),
  };
}

function subresourceKind(
  resource: Resource,
  name: string,
): { group?: string; version?: string; kind: string; verbs: string[] } {
  const known = SUBRESOURCE_KIND[name];
  if (!known) return { kind: resource.kind, verbs: ['get', 'patch', 'update'] };
  if (known.group === resource.group && known.version === resource.version)
    return { kind: known.kind, verbs: known.verbs };
  return {
    ...(known.group ? { group: known.group } : {}),
    version: known.version,
    kind: known.kind,
    verbs: known.verbs,
  };
}

function rowsOf(resources: Resources, groupName: string, version: string): Resource[] {
  return resources.all().filter((resource) => resource.group === groupName && resource.version === version);
}

/** `/api` or `/apis` as an aggregated APIGroupDiscoveryList. */
export function aggregated(resources: Resources, isCore: boolean, apiVersion: 'v2' | 'v2beta1'): Json {
  const groups: [string, string[]][] = isCore ? [['', ['v1']]] : [...versionsOf(resources)];
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${apiVersion}`,
    metadata: {},
    items: groups.map(([name, versions]) => ({
      metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        freshness: 'Current',
        resources: rowsOf(resources, name, version).map((resource) => ({
          resource: resource.plural,
          responseKind: { group: name, version, kind: resource.kind },
          scope: resource.namespaced ? 'Namespaced' : 'Cluster',
          singularResource: resource.singular,
          verbs: resource.verbs,
          ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
          ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
          ...(resource.subresources.length > 0
            ? { subresources: resource.subresources.map((sub) => aggregatedSub(resource, sub)) }
            : {}),
        })),
      })),
    })),
  };
}

function aggregatedSub(resource: Resource, name: string): Json {
  const { group: subGroup, version, kind, verbs } = subresourceKind(resource, name);
  const responseKind = {
    group: version === undefined ? resource.group : (subGroup ?? ''),
    version: version ?? resource.version,
    kind,
  };
  return { subresource: name, responseKind, verbs };
}
