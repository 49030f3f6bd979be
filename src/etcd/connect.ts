import { readFileSync } from 'node:fs';
import { closest, distance } from 'fastest-levenshtein';
import type { EtcdClusterConfig } from '../config/file.ts';
import { NotFoundError, UsageError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { EtcdClusterClient } from './cluster-client.ts';
import type { EtcdCluster, EtcdClusters } from './etcd-cluster.ts';

/**
 * Clients for the etcd clusters of the config file. Nothing is sent until the first call, so a cluster that is down does not keep
 * Shipmate from starting.
 * @throws UsageError naming the file when a certificate or password file cannot be read.
 */
export function connectEtcdClusters(config: Readonly<Record<string, EtcdClusterConfig>>, log: Logger): EtcdClusters {
  const clusters = new Map<string, EtcdCluster>();
  for (const [name, entry] of Object.entries(config)) {
    const read = (key: 'caFile' | 'certFile' | 'keyFile' | 'passwordFile') => readConfigured(name, key, entry[key]);
    const access = {
      endpoints: entry.endpoints,
      username: entry.username,
      // Editors end files with a line end; no password does.
      password: read('passwordFile')
        ?.toString('utf8')
        .replace(/\r?\n$/, ''),
      ca: read('caFile'),
      cert: read('certFile'),
      key: read('keyFile'),
    };
    const { production: isProduction, clusterId, protectedPrefixes } = entry;
    clusters.set(
      name,
      new EtcdClusterClient(access, {
        name,
        isProduction,
        clusterId,
        protectedPrefixes,
      }),
    );
    log.info(
      {
        etcd: name,
        endpoints: entry.endpoints,
        isPinned: clusterId !== undefined,
      },
      'etcd cluster configured.',
    );
  }
  return clustersByName(clusters);
}

function clustersByName(clusters: ReadonlyMap<string, EtcdCluster>): EtcdClusters {
  const names = [...clusters.keys()];
  return {
    names,
    all: () => [...clusters.values()],
    get(alias) {
      const name = alias ?? names[0];
      if (name === undefined) {
        throw new UsageError('No etcd cluster is configured.', {
          hint: 'Add one under `etcd:` in shipmate.yaml.',
        });
      }
      const found = clusters.get(name);
      if (found) return found;
      const near = names.length > 0 ? closest(name, names) : undefined;
      const hint =
        near !== undefined && distance(name, near) <= 2
          ? `Did you mean ${near}?`
          : `The config names ${names.length > 0 ? names.join(', ') : 'none'}.`;
      throw new NotFoundError(`There is no etcd cluster "${name}".`, { hint });
    },
  };
}

function readConfigured(name: string, key: string, file: string | undefined): Buffer | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UsageError(`etcd.${name}.${key}: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      hint: 'Check the path and its permissions.',
      cause,
    });
  }
}
