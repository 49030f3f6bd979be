import { delimiter, dirname, join, resolve } from 'node:path';
import type { FileConfig } from './file.ts';
import type { Problem } from './problem.ts';
import { type ReadFile, reason } from './read-file.ts';

const ETCD_PATHS = ['passwordFile', 'caFile', 'certFile', 'keyFile'] as const;

/** Every path in the file made absolute: from the file's own directory, `~/` from the home directory. */
export function withAbsolutePaths(file: FileConfig, filePath: string, home: string | undefined): FileConfig {
  const absolute = (path: string): string =>
    home && path.startsWith('~/') ? join(home, path.slice(2)) : resolve(dirname(filePath), path);
  const clusters = Object.entries(file.clusters).map(([alias, cluster]) => [
    alias,
    cluster.kubeconfig === undefined
      ? cluster
      : { ...cluster, kubeconfig: kubeconfigPaths(cluster.kubeconfig).map(absolute).join(delimiter) },
  ]);
  const etcd = Object.entries(file.etcd).map(([alias, cluster]) => {
    const paths = ETCD_PATHS.flatMap((key) => (cluster[key] === undefined ? [] : [[key, absolute(cluster[key])]]));
    return [alias, { ...cluster, ...Object.fromEntries(paths) }];
  });
  const { audit } = file.access;
  const access =
    audit.file === undefined ? file.access : { ...file.access, audit: { ...audit, file: absolute(audit.file) } };
  return { ...file, clusters: Object.fromEntries(clusters), etcd: Object.fromEntries(etcd), access };
}

/** Named files that cannot be read: found at start, not at 3 a.m. when the first command needs them. */
export function unreadableFiles(filePath: string, file: FileConfig, readFile: ReadFile): Problem[] {
  const named = [
    ...Object.entries(file.clusters).flatMap(([alias, { kubeconfig }]) =>
      kubeconfigPaths(kubeconfig ?? '').map((path) => [`clusters.${alias}.kubeconfig`, path]),
    ),
    ...Object.entries(file.etcd).flatMap(([alias, etcd]) =>
      ETCD_PATHS.map((key) => [`etcd.${alias}.${key}`, etcd[key]]),
    ),
  ];
  return named.flatMap(([name, path]) => {
    if (path === undefined) return [];
    try {
      readFile(path);
      return [];
    } catch (error) {
      return [{ where: filePath, message: `\`${name}\` names ${path}, which cannot be read: ${reason(error)}.` }];
    }
  });
}

/** Like `KUBECONFIG`, one path or several. */
function kubeconfigPaths(paths: string): string[] {
  return paths.split(delimiter).filter(Boolean);
}
