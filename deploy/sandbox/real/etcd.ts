import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EtcdService, startEtcd } from '../services.ts';
import { controlPlaneBinaries } from './binaries.ts';
import { runTool } from './tool.ts';

/** A single etcd of the pinned version, whatever the system's own is, with its own `etcdctl`. */
export interface RealEtcd extends EtcdService {
  /** `etcdctl ARGS` against it. Its output. @throws Error whose message is etcdctl's own. */
  etcdctl(args: readonly string[], options?: { input?: string }): Promise<string>;
}

/**
 * Builds what is not built yet and starts it in a temporary directory.
 * @param options.args further flags, such as TLS files.
 * @throws NoControlPlane without Go; Error with the end of its log.
 */
export async function startRealEtcd(
  options: { args?: readonly string[]; progress?: (line: string) => void } = {},
): Promise<RealEtcd> {
  const binaries = await controlPlaneBinaries(options.progress ?? (() => {}));
  const service = await startEtcd({ file: binaries.file('etcd'), args: options.args ?? [] });
  const home = await mkdtemp(join(tmpdir(), 'shipmate-etcdctl-'));
  const { stop } = service;
  return Object.assign(service, {
    etcdctl: (args: readonly string[], { input }: { input?: string } = {}) =>
      runTool(binaries.file('etcdctl'), ['--endpoints', service.endpoint, ...args], { home, input }),
    stop: async () => {
      await stop();
      await rm(home, { recursive: true, force: true });
    },
  });
}
