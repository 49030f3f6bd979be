import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';

describe('the real control plane', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await startControlPlane({ nodes: 2 });
    await cluster.kubectl(['create', 'deployment', 'web', '--image=web:1', '--replicas=2']);
  });
  afterAll(() => cluster?.stop());

  test('runs the version that go.mod pins, client and server', async () => {
    const version = JSON.parse(await cluster.kubectl(['version', '-o', 'json']));

    expect(version.clientVersion.gitVersion).toBe(cluster.kubernetesVersion);
    expect(version.serverVersion.gitVersion).toBe(cluster.kubernetesVersion);
    expect(version.serverVersion.minor).toBe(/^v1\.(\d+)/.exec(cluster.kubernetesVersion)?.[1]);
  });

  test('schedules pods onto its fake nodes, where they become Ready', async () => {
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=30s']);

    const deployment = JSON.parse(await cluster.kubectl(['get', 'deployment', 'web', '-o', 'json']));
    expect(deployment.status.readyReplicas).toBe(2);
  });

  test('lets a person without a role do nothing', async () => {
    const kubeconfig = await cluster.kubeconfigFor({ user: 'ada', groups: ['platform'] });

    await expect(cluster.kubectl(['get', 'pods'], { kubeconfig })).rejects.toThrow(
      'Error from server (Forbidden): pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "default"',
    );
  });

  test('knows a person by their groups', async () => {
    await cluster.kubectl(['create', 'clusterrolebinding', 'platform', '--clusterrole=view', '--group=platform']);
    const kubeconfig = await cluster.kubeconfigFor({ user: 'ada', groups: ['platform'] });

    await expect
      .poll(() => cluster.kubectl(['get', 'deployments', '-o', 'name'], { kubeconfig }).catch(String))
      .toBe('deployment.apps/web\n');
  });

  test('says so when a service account does not exist', async () => {
    await expect(cluster.kubeconfigFor({ serviceAccount: 'nobody', namespace: 'default' })).rejects.toThrow(
      'No token for default/nobody: serviceaccounts "nobody" not found',
    );
  });

  test('keeps its objects when the API server is killed and comes back', async () => {
    const before = await cluster.kubectl(['get', 'deployment', 'web', '-o', 'jsonpath={.metadata.uid}']);

    const server = cluster.component('kube-apiserver');
    await server.kill();
    await expect(cluster.kubectl(['get', 'deployments'])).rejects.toThrow('was refused');
    await server.restart();

    expect(await cluster.kubectl(['get', 'deployment', 'web', '-o', 'jsonpath={.metadata.uid}'])).toBe(before);
  });

  test('answers again after a pause', async () => {
    const server = cluster.component('kube-apiserver');
    server.pause();
    await expect(cluster.kubectl(['get', 'ns', '--request-timeout=1s'])).rejects.toThrow(/timeout|exceeded/i);
    server.resume();

    await expect
      .poll(() => cluster.kubectl(['get', 'ns', 'default', '-o', 'name']).catch(String))
      .toBe('namespace/default\n');
  });
});
