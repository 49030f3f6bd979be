import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { reviewAccess } from '../../src/kubernetes/subject-access-review.ts';
import { connectTo } from './ours.ts';

const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };
const CLUSTER_ROLE = new URL('../../deploy/kubernetes/optional/cluster-decides.yaml', import.meta.url);
const ADA = { user: 'ada@example.com', groups: ['platform', 'shop-readers'] };
const LIST = { resource: PODS, namespace: 'default' };

describe('a real control plane decides about the person', () => {
  let controlPlane: ControlPlane;
  let admin: Awaited<ReturnType<typeof connectTo>>;
  let bot: Cluster;
  let closeBot: () => Promise<void>;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ nodes: 1 });
    await controlPlane.kubectl(['create', 'namespace', 'shipmate']);
    await controlPlane.kubectl(['create', 'serviceaccount', 'shipmate', '-n', 'shipmate']);
    await controlPlane.kubectl(['apply', '-f', CLUSTER_ROLE.pathname, '--validate=strict']);
    await controlPlane.kubectl(['create', 'role', 'reader', '--verb=list', '--resource=pods', '-n', 'default']);
    // Bound to the second group alone.
    await controlPlane.kubectl([
      ...['create', 'rolebinding', 'reader', '--role=reader', '--group=shop-readers', '-n', 'default'],
    ]);
    admin = await connectTo(controlPlane);
    const own = await connectTo(controlPlane, { serviceAccount: 'shipmate', namespace: 'shipmate' });
    bot = own.cluster;
    closeBot = own.close;
  });
  afterAll(async () => {
    await admin?.close();
    await closeBot?.();
    await controlPlane?.stop();
  });

  test('two groups arrive as two groups: a role bound to the second one works', async () => {
    await expect(admin.cluster.request({ ...LIST, as: ADA })).resolves.toMatchObject({ kind: 'PodList' });
    await expect(admin.cluster.request({ ...LIST, as: { ...ADA, groups: ['platform'] } })).rejects.toThrow(
      'User "ada@example.com" cannot list resource "pods"',
    );
    await expect(admin.cluster.request({ ...LIST, as: { ...ADA, groups: ['platform,shop-readers'] } })).rejects.toThrow(
      'cannot list resource "pods"',
    );
  });

  test('a review tells the same, asked with the rights of the optional manifest', async () => {
    const right = { verb: 'list', group: '', resource: 'pods', namespace: 'default' };

    expect(await reviewAccess(bot, ADA, right)).toEqual({ allowed: true });
    expect(await reviewAccess(bot, ADA, { ...right, verb: 'delete' })).toMatchObject({ allowed: false });
    expect(await reviewAccess(bot, { ...ADA, groups: ['platform'] }, right)).toMatchObject({ allowed: false });
    expect(await reviewAccess(bot, ADA, { ...right, namespace: 'kube-system' })).toMatchObject({ allowed: false });
  });

  test('the optional manifest lets the bot act as those whom it names and as nobody else', async () => {
    await expect(bot.request({ ...LIST, as: ADA })).resolves.toMatchObject({ kind: 'PodList' });
    await expect(bot.request({ ...LIST, as: { ...ADA, user: 'grace@example.com' } })).rejects.toThrow(
      'cannot impersonate resource "users"',
    );
    await expect(bot.request({ ...LIST, as: { ...ADA, groups: ['owners'] } })).rejects.toThrow(
      'cannot impersonate resource "groups"',
    );
  });
});
