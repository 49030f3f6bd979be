import { type Asked, EVERY_NAMESPACE } from '../access/policy/asked.ts';
import type { EtcdClusters } from '../etcd/etcd-cluster.ts';
import type { KeyRange } from '../etcd/keys.ts';
import type { Clusters } from '../kubernetes/cluster.ts';
import { qualifiedPlural } from '../kubernetes/names.ts';
import type { AnyCommand, Scope } from './definition.ts';

export interface World {
  readonly clusters: Clusters;
  readonly etcds: EtcdClusters;
}

/**
 * What a command with these arguments asks to do: defaults filled in (the default cluster, its default namespace) and every kind by its
 * full plural, so that `po`, `pod` and `pods` are one thing to the policy and a cluster-wide kind is in no namespace.
 * @param exactly false leaves kinds as typed, which saves asking the cluster about them: enough for somebody who may do everything.
 * @throws what naming a cluster or a kind throws: NotFoundError with the nearest word, UnavailableError.
 */
export async function askedOf(
  command: AnyCommand,
  args: Record<string, unknown>,
  world: World,
  exactly = true,
): Promise<readonly Asked[]> {
  const { permission } = command;
  if (permission === undefined || !command.scope) return [{ permission, anywhere: true }];
  const scope = command.scope(args);
  if ('etcd' in scope) return [{ permission, etcd: world.etcds.get(scope.etcd).name, keys: scope.keys?.map(hex) }];
  return askedOfKubernetes(permission, scope, world, exactly);
}

/** Only whether the permission is held at all. */
export function anywhere(command: AnyCommand): readonly Asked[] {
  return [{ permission: command.permission, anywhere: true }];
}

async function askedOfKubernetes(
  permission: string,
  scope: Scope,
  world: World,
  exactly: boolean,
): Promise<readonly Asked[]> {
  const cluster = world.clusters.get(scope.cluster);
  const namespace = scope.allNamespaces ? EVERY_NAMESPACE : (scope.namespace ?? cluster.defaultNamespace);
  const place = { permission, cluster: cluster.name };
  if (scope.targets === undefined || scope.targets.length === 0 || !exactly) return [{ ...place, namespace }];
  const asked = await Promise.all(
    scope.targets.map(async ({ type, name }) =>
      (await cluster.resolve(type)).map((resource) => ({
        ...place,
        ...(resource.namespaced ? { namespace } : {}),
        resource: qualifiedPlural(resource),
        ...(name === undefined ? {} : { name }),
      })),
    ),
  );
  return asked.flat();
}

function hex({ key, rangeEnd }: KeyRange): { key: string; rangeEnd?: string } {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return { key: text(key), ...(rangeEnd === undefined ? {} : { rangeEnd: text(rangeEnd) }) };
}
