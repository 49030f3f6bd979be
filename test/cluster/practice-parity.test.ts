import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPracticeCluster } from '../../deploy/sandbox/cluster/practice-cluster.ts';
import { type ControlPlane, startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';
import { runTool } from '../../deploy/sandbox/real/tool.ts';
import { NODES, node } from '../../deploy/sandbox/story/workloads.ts';
import { openShop } from './shop.ts';

/** Kinds that the practice cluster does without. */
const LACKING = ['NetworkPolicy', 'Role', 'RoleBinding'];

type Kubectl = ControlPlane['kubectl'];

const TABLES = [
  ...['pods', 'deployments', 'replicasets', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs', 'services', 'configmaps'],
  ...['secrets', 'serviceaccounts', 'ingresses', 'poddisruptionbudgets', 'coupons'],
];

describe('kubectl cannot tell the practice cluster from a real one', () => {
  let controlPlane: ControlPlane;
  let practice: Awaited<ReturnType<typeof startPracticeCluster>>;
  let dir: string;
  let onReal: Kubectl;
  let onPractice: Kubectl;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'shipmate-parity-'));
    controlPlane = await startControlPlane({ nodes: NODES });
    practice = await startPracticeCluster({ port: 0, speed: 20, seed: NODES.map(node) });
    const kubeconfig = join(dir, 'kubeconfig');
    await writeFile(kubeconfig, practice.kubeconfig, { mode: 0o600 });
    onReal = controlPlane.kubectl;
    onPractice = (args, { input } = {}) =>
      runTool(controlPlane.binaries.file('kubectl'), ['--kubeconfig', kubeconfig, ...args], { home: dir, input });
    await openShop({ kubectl: onReal }, LACKING);
    await openShop({ kubectl: onPractice }, LACKING);
  });
  afterAll(async () => {
    await practice?.stop();
    await controlPlane?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  async function both(args: readonly string[], input?: string): Promise<{ real: string; practice: string }> {
    const ask = (kubectl: Kubectl): Promise<string> =>
      kubectl(args, input === undefined ? {} : { input }).catch((error: Error) => `error: ${error.message}`);
    const [real, practised] = await Promise.all([ask(onReal), ask(onPractice)]);
    return { real: comparable(real), practice: comparable(practised) };
  }

  test.each(TABLES)('get %s has the same columns and the same objects', async (type) => {
    const { real, practice: practised } = await both(['get', type, '-n', 'shop', '-o', 'wide']);

    expect(practised).toBe(real);
  });

  test.each([
    [['get', 'deploy', 'nope', '-n', 'shop']],
    [['get', 'nonsense']],
    [['scale', 'deploy/web', '--replicas=-1', '-n', 'shop']],
    [['scale', 'deploy/web', '--replicas=4', '--current-replicas=9', '-n', 'shop']],
    [
      [
        'patch',
        'deploy',
        'web',
        '-n',
        'shop',
        '--type=merge',
        '-p',
        '{"spec":{"selector":{"matchLabels":{"app":"x"}}}}',
      ],
    ],
    [['get', 'pods', '-n', 'shop', '--field-selector', 'spec.colour=red']],
    [['get', 'pods', '-n', 'shop', '-l', 'app=(web']],
    [['rollout', 'status', 'deploy/web', '-n', 'shop']],
    [['rollout', 'status', 'deploy/stuck', '-n', 'shop', '--watch=false']],
    [['rollout', 'status', 'statefulset/db', '-n', 'shop']],
    [['rollout', 'status', 'daemonset/agent', '-n', 'shop']],
    [['scale', 'deploy/asleep', '--replicas=2', '-n', 'shop']],
    [['rollout', 'status', 'deploy/asleep', '-n', 'shop']],
    [['rollout', 'restart', 'deploy/api', '-n', 'shop']],
    [['rollout', 'status', 'deploy/api', '-n', 'shop']],
    [['rollout', 'history', 'deploy/api', '-n', 'shop']],
    [['delete', 'deploy', 'asleep', '-n', 'shop']],
    [['get', 'deploy', '-n', 'shop', '-o', 'name']],
  ])('kubectl %j says the same', async (args) => {
    const { real, practice: practised } = await both(args);

    expect(practised).toBe(real);
  });
});

/** Takes out what differs between any two clusters: ages, generated parts of names, addresses, who runs where. */
function comparable(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UID')
    .replaceAll(/\b(\d+[smhd])+( ago)?\b/g, 'AGE')
    .replaceAll(/\b[a-z0-9]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, 'HASH')
    .replaceAll(/-[bcdfghjklmnpqrstvwxz2456789]{8,10}\b/g, '-HASH')
    .replaceAll(/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-HASH')
    .replaceAll(/pod-template-hash=\w+/g, 'pod-template-hash=HASH')
    .replaceAll(/\b\d+\.\d+\.\d+\.\d+\b/g, 'ADDRESS')
    .replaceAll(/\bharbour-\d\b/g, 'NODE')
    .replaceAll(/^Waiting for .*\n/gm, '')
    .replaceAll(/ {2,}/g, '  ');
}
