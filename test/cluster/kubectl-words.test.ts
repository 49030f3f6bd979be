import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';
import type { Call, Cluster } from '../../src/kubernetes/cluster.ts';
import { rolloutVerdict } from '../../src/kubernetes/rollout-status.ts';
import { connectTo } from './ours.ts';
import { openShop } from './shop.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true };
const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };
const COUPONS = { group: 'shop.example', version: 'v1', plural: 'coupons', namespaced: true };

describe('our words are kubectl words', () => {
  let controlPlane: ControlPlane;
  let cluster: Cluster;
  let close: () => Promise<void>;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ nodes: 2 });
    await openShop(controlPlane);
    ({ cluster, close } = await connectTo(controlPlane));
  });
  afterAll(async () => {
    await close?.();
    await controlPlane?.stop();
  });

  /** What we say for a call, beside what kubectl says for a command. */
  async function bothSay(
    call: Call,
    args: readonly string[],
    as: Cluster = cluster,
    kubeconfig = controlPlane.kubeconfig,
  ) {
    const message = (error: unknown): string => (error as Error).message;
    const [ours, theirs] = await Promise.all([
      as.request(call).then(() => 'no error', message),
      controlPlane.kubectl(args, { kubeconfig }).then(() => 'no error', message),
    ]);
    return { ours, theirs };
  }

  test('every word that kubectl knows means the same kind to us', async () => {
    const words = (await controlPlane.kubectl(['api-resources', '--no-headers']))
      .trim()
      .split('\n')
      .flatMap((line) => {
        const cells = line.split(/\s+/);
        // NAME SHORTNAMES APIVERSION NAMESPACED KIND, where SHORTNAMES may be missing.
        return [cells[0] as string, ...(cells.length === 5 ? (cells[1] as string).split(',') : [])];
      });
    const meaning = async (word: string): Promise<string> => {
      const text = await controlPlane.kubectl(['explain', word]);
      const field = (name: string): string => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(text)?.[1] ?? '';
      return `${field('GROUP')}/${field('VERSION')} ${field('KIND')}`;
    };

    expect(words.length).toBeGreaterThan(60);
    for (const word of new Set(words)) {
      const [resource, ...others] = await cluster.resolve(word);
      expect(others, word).toEqual([]);
      expect(`${resource?.group}/${resource?.version} ${resource?.kind}`, word).toBe(await meaning(word));
    }
  });

  test('"all" means the kinds that kubectl lists for "all", custom ones included', async () => {
    const theirs = await controlPlane.kubectl(['api-resources', '--categories=all', '--no-headers', '-o', 'name']);

    const ours = (await cluster.resolve('all')).map(({ plural, group }) =>
      group === '' ? plural : `${plural}.${group}`,
    );
    expect(ours.sort()).toEqual(theirs.trim().split('\n').sort());
  });

  test('an unknown kind is refused in the same words', async () => {
    const theirs = await controlPlane.kubectl(['get', 'deploymints']).catch((error: Error) => error.message);

    await expect(cluster.resolve('deploymints')).rejects.toThrow(theirs);
  });

  test('an object that does not exist is not found in the same words', async () => {
    const { ours, theirs } = await bothSay({ resource: DEPLOYMENTS, namespace: 'shop', name: 'nope' }, [
      'get',
      'deploy',
      'nope',
      '-n',
      'shop',
    ]);

    expect(theirs).toBe('Error from server (NotFound): deployments.apps "nope" not found');
    expect(ours).toBe(theirs);
  });

  test('what RBAC forbids is refused in the same words', async () => {
    const subject = { serviceAccount: 'robot', namespace: 'shop' };
    const robot = await connectTo(controlPlane, subject);
    const kubeconfig = await controlPlane.kubeconfigFor(subject);

    const { ours, theirs } = await bothSay(
      { resource: { ...PODS, plural: 'secrets' }, namespace: 'shop' },
      ['get', 'secrets', '-n', 'shop'],
      robot.cluster,
      kubeconfig,
    );
    await robot.close();

    expect(theirs).toBe(
      'Error from server (Forbidden): secrets is forbidden: User "system:serviceaccount:shop:robot" cannot list resource "secrets" in API group "" in the namespace "shop"',
    );
    expect(ours).toBe(theirs);
  });

  test.each([
    ['a number below zero', DEPLOYMENTS, 'web', { spec: { replicas: -1 } }],
    ['a wrong type', DEPLOYMENTS, 'web', { spec: { replicas: 'many' } }],
    ['two wrong fields', DEPLOYMENTS, 'web', { spec: { replicas: -1, revisionHistoryLimit: -2 } }],
    ['an immutable field', DEPLOYMENTS, 'web', { spec: { selector: { matchLabels: { app: 'other' } } } }],
    ["a value beyond a custom resource's schema", COUPONS, 'spring', { spec: { percent: 95 } }],
  ])('a patch with %s is refused in the same words', async (_, resource, name, patch) => {
    const { ours, theirs } = await bothSay(
      {
        ...{ method: 'PATCH', resource, namespace: 'shop', name, body: patch },
        contentType: 'application/merge-patch+json',
      },
      ['patch', resource.plural, name, '-n', 'shop', '--type=merge', '-p', JSON.stringify(patch)],
    );

    expect(ours).toBe(theirs);
  });

  test('a field that cannot be selected is refused in the words of the server', async () => {
    const { ours, theirs } = await bothSay(
      { resource: PODS, namespace: 'shop', query: { fieldSelector: 'spec.colour=red' } },
      ['get', 'pods', '-n', 'shop', '--field-selector', 'spec.colour=red'],
    );

    // kubectl puts a sentence of its own before the server's, which repeats the question.
    expect(ours).toBe(theirs.replace(/Unable to find .*?": /, ''));
  });

  test.each(['deployment/web', 'deployment/stuck', 'deployment/asleep', 'statefulset/db', 'daemonset/agent'])(
    'the rollout of %s stands where kubectl says it stands',
    async (workload) => {
      const theirs = await controlPlane.kubectl(['rollout', 'status', workload, '-n', 'shop', '--watch=false']);
      const object = JSON.parse(await controlPlane.kubectl(['get', workload, '-n', 'shop', '-o', 'json']));

      expect(rolloutVerdict(object).text).toBe(theirs.trimEnd());
    },
  );
});
