import { delimiter, dirname, join, resolve } from 'node:path';
import type { FileConfig } from './file.ts';
import type { Problem } from './problem.ts';
import { type ReadFile, reason } from './read-file.ts';
import { readYaml } from './yaml-source.ts';

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
  const bridges = {
    in: file.bridges.in.map((bridge) => ({ ...bridge, tokenFile: absolute(bridge.tokenFile) })),
    out: file.bridges.out.map((bridge) =>
      bridge.keyFile === undefined ? bridge : { ...bridge, keyFile: absolute(bridge.keyFile) },
    ),
  };
  return { ...file, clusters: Object.fromEntries(clusters), etcd: Object.fromEntries(etcd), access, bridges };
}

/**
 * Named files that cannot be read: found at start, not at 3 a.m. when the first command needs them.
 * @param file with absolute paths. @param text of the config file, so that a problem names its line.
 */
export function unreadableFiles(filePath: string, file: FileConfig, readFile: ReadFile, text: string): Problem[] {
  const source = readYaml(filePath, text);
  return namedFiles(file).flatMap(({ at, path }) => {
    try {
      readFile(path);
      return [];
    } catch (error) {
      const message = `\`${at.join('.')}\` names ${path}, which cannot be read: ${reason(error)}.`;
      return [{ where: source.at(at), message }];
    }
  });
}

interface Named {
  /** Where the config file names it. */
  readonly at: readonly (string | number)[];
  readonly path: string;
}

function namedFiles(file: FileConfig): readonly Named[] {
  const named = (at: Named['at'], path: string | undefined): Named[] => (path === undefined ? [] : [{ at, path }]);
  return [
    ...Object.entries(file.clusters).flatMap(([alias, { kubeconfig }]) =>
      kubeconfigPaths(kubeconfig ?? '').flatMap((path) => named(['clusters', alias, 'kubeconfig'], path)),
    ),
    ...Object.entries(file.etcd).flatMap(([alias, etcd]) =>
      ETCD_PATHS.flatMap((key) => named(['etcd', alias, key], etcd[key])),
    ),
    ...file.bridges.in.flatMap(({ tokenFile }, index) => named(['bridges', 'in', index, 'tokenFile'], tokenFile)),
    ...file.bridges.out.flatMap(({ keyFile }, index) => named(['bridges', 'out', index, 'keyFile'], keyFile)),
  ];
}

/** Like `KUBECONFIG`, one path or several. */
function kubeconfigPaths(paths: string): string[] {
  return paths.split(delimiter).filter(Boolean);
}
