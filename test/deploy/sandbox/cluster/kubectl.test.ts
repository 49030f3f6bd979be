import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PracticeCluster, startPracticeCluster } from '../../../support/practice-cluster.ts';
import { deployment } from './ask.ts';

const run = promisify(execFile);

function hasKubectl(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isPresent = hasKubectl();
if (!isPresent) console.log('Skipped: kubectl is not on PATH, so the practice cluster was not tried with it.');

describe.skipIf(!isPresent)('the kubectl of this machine', () => {
  let cluster: PracticeCluster;
  let home: string;
  let manifest: string;

  const kubectl = async (...args: string[]): Promise<string> => {
    const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: join(home, 'config') };
    const { stdout } = await run('kubectl', args, { env });
    return stdout;
  };

  beforeAll(async () => {
    cluster = await startPracticeCluster({ speed: 10 });
    home = mkdtempSync(join(tmpdir(), 'shipmate-kubectl-'));
    writeFileSync(join(home, 'config'), cluster.kubeconfig);
    manifest = join(home, 'web.json');
    writeFileSync(manifest, JSON.stringify(deployment('web', 3)));
    await kubectl('apply', '-f', manifest);
    await kubectl('rollout', 'status', 'deploy/web', '--timeout=30s');
  });
  afterAll(async () => {
    await cluster?.stop();
    if (home) rmSync(home, { recursive: true });
  });

  test('gets and describes', async () => {
    expect(await kubectl('get', 'deploy', 'web', '--no-headers')).toMatch(/^web\s+3\/3\s+3\s+3\s+\d+s\n$/);
    expect(await kubectl('get', 'all')).toContain('replicaset.apps/web-');
    expect(await kubectl('describe', 'deploy', 'web')).toContain('NewReplicaSet:   web-');
    expect(await kubectl('describe', 'node', 'node-1')).toContain('KubeletReady');
    expect(await kubectl('describe', 'pod', '-l', 'app=web')).toContain('Successfully assigned');
  });

  test('applies the same manifest twice as unchanged, and on the server too', async () => {
    expect(await kubectl('apply', '-f', manifest)).toBe('deployment.apps/web unchanged\n');
    expect(await kubectl('apply', '--server-side', '--force-conflicts', '-f', manifest)).toBe(
      'deployment.apps/web serverside-applied\n',
    );
  });

  test('scales, restarts, undoes and reads the history', async () => {
    expect(await kubectl('scale', 'deploy/web', '--replicas=4', '--current-replicas=3')).toBe(
      'deployment.apps/web scaled\n',
    );
    await kubectl('rollout', 'restart', 'deploy/web');
    expect(await kubectl('rollout', 'status', 'deploy/web', '--timeout=30s')).toContain('successfully rolled out');
    await kubectl('rollout', 'undo', 'deploy/web');
    await kubectl('rollout', 'status', 'deploy/web', '--timeout=30s');

    expect(await kubectl('rollout', 'history', 'deploy/web')).toBe(
      'deployment.apps/web \nREVISION  CHANGE-CAUSE\n2         <none>\n3         <none>\n\n',
    );
  });

  test('reads logs', async () => {
    expect(await kubectl('logs', 'deploy/web', '--tail=1')).toContain('level=info');
  });

  test('drains a node and brings it back', async () => {
    expect(await kubectl('drain', 'node-1', '--ignore-daemonsets', '--timeout=30s')).toContain('node/node-1 drained');
    const left = cluster.store.list('pods', 'default').filter((pod) => pod.spec.nodeName === 'node-1');
    expect(left).toEqual([]);
    expect(await kubectl('uncordon', 'node-1')).toBe('node/node-1 uncordoned\n');
  });

  test('waits, labels, patches and deletes', async () => {
    expect(await kubectl('wait', 'deploy/web', '--for=condition=Available', '--timeout=30s')).toBe(
      'deployment.apps/web condition met\n',
    );
    expect(await kubectl('label', 'deploy', 'web', 'tier=front')).toBe('deployment.apps/web labeled\n');
    expect(await kubectl('patch', 'deploy', 'web', '-p', '{"spec":{"replicas":1}}')).toBe(
      'deployment.apps/web patched\n',
    );
    expect(await kubectl('delete', 'deploy', 'web')).toMatch(/^deployment\.apps "web" deleted/);
  });
});
