import type { Resource } from './cluster.ts';

/** What the cluster serves, in the order of its own preference: core first, then groups, each group's preferred version first. */
export interface Discovered {
  readonly resources: readonly (Resource & { readonly isPreferred: boolean })[];
  /** Groups that could not be asked (an aggregated API server is down); their words are unknown for now. */
  readonly missing: readonly string[];
}

/** The answers of `/api` and `/apis`, aggregated (`apidiscovery.k8s.io/v2`) or classic. */
export interface GroupDiscovery {
  readonly kind?: string;
  readonly items?: readonly AggregatedGroup[];
  readonly versions?: readonly string[];
  readonly groups?: readonly ApiGroup[];
}
export interface AggregatedGroup {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly {
    readonly version: string;
    readonly freshness?: string;
    readonly resources?: readonly {
      readonly resource: string;
      readonly responseKind?: { readonly kind?: string };
      readonly scope?: string;
      readonly singularResource?: string;
      readonly verbs?: readonly string[];
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
      readonly subresources?: readonly { readonly subresource: string }[];
    }[];
  }[];
}
export interface ApiGroup {
  readonly name: string;
  readonly versions: readonly { readonly groupVersion: string; readonly version: string }[];
  readonly preferredVersion?: { readonly version: string };
}
export interface ApiResource {
  /** `deployments`, and `deployments/scale` for a subresource. */
  readonly name: string;
  readonly singularName?: string;
  readonly kind?: string;
  readonly namespaced?: boolean;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** Resources of an aggregated answer. A version marked Stale is kept: its last known content is better than none. */
export function fromAggregated(groups: readonly AggregatedGroup[]): Discovered {
  const missing: string[] = [];
  const resources = groups.flatMap((group) => {
    const name = group.metadata?.name ?? '';
    const preferred = preferredVersions(
      (group.versions ?? []).map((version) => [version.version, (version.resources ?? []).map((one) => one.resource)]),
    );
    return (group.versions ?? []).flatMap((version) => {
      if (version.freshness === 'Stale') missing.push(`${name}/${version.version}`);
      return (version.resources ?? []).map((one) => ({
        group: name,
        version: version.version,
        plural: one.resource,
        singular: one.singularResource ?? '',
        kind: one.responseKind?.kind ?? '',
        shortNames: one.shortNames ?? [],
        namespaced: one.scope === 'Namespaced',
        verbs: one.verbs ?? [],
        categories: one.categories ?? [],
        subresources: (one.subresources ?? []).map((sub) => sub.subresource),
        isPreferred: preferred.get(one.resource) === version.version,
      }));
    });
  });
  return { resources, missing };
}

/** Resources of classic per-version lists, by groupVersion. */
export function fromResourceLists(
  groups: readonly ApiGroup[],
  lists: ReadonlyMap<string, readonly ApiResource[]>,
): Discovered['resources'] {
  return groups.flatMap((group) => {
    const first = group.preferredVersion?.version;
    const versions = [...group.versions].sort((a, b) => Number(b.version === first) - Number(a.version === first));
    const preferred = preferredVersions(
      versions.map((version) => [version.version, (lists.get(version.groupVersion) ?? []).map((one) => one.name)]),
    );
    return versions.flatMap((version) => {
      const list = lists.get(version.groupVersion) ?? [];
      return list
        .filter((one) => !one.name.includes('/'))
        .map((one): Resource & { isPreferred: boolean } => ({
          group: group.name,
          version: version.version,
          plural: one.name,
          singular: one.singularName ?? '',
          kind: one.kind ?? '',
          shortNames: one.shortNames ?? [],
          namespaced: one.namespaced ?? false,
          verbs: one.verbs ?? [],
          categories: one.categories ?? [],
          subresources: list
            .filter((sub) => sub.name.startsWith(`${one.name}/`))
            .map((sub) => sub.name.slice(one.name.length + 1)),
          isPreferred: preferred.get(one.name) === version.version,
        }));
    });
  });
}

/** For each resource the first version, in the server's order, that has it. */
function preferredVersions(versions: readonly (readonly [string, readonly string[]])[]): Map<string, string> {
  const preferred = new Map<string, string>();
  for (const [version, names] of versions)
    for (const name of names) if (!preferred.has(name)) preferred.set(name, version);
  return preferred;
}
