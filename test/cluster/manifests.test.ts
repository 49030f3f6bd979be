import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';

const MANIFESTS = new URL('../../deploy/kubernetes/', import.meta.url).pathname;

describe('the manifests in deploy/kubernetes', () => {
  let controlPlane: ControlPlane;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ nodes: 2 });
  });
  afterAll(() => controlPlane?.stop());

  test('are accepted by a real API server without a warning, and then stand as they were written', async () => {
    // A warning (a deprecated version, a violated pod security level) becomes an error.
    await controlPlane.kubectl(['apply', '-k', MANIFESTS, '--warnings-as-errors', '--validate=strict']);

    expect(await controlPlane.kubectl(['diff', '-k', MANIFESTS])).toBe('');
  });

  test('bring the bot up: its pods may run and become Ready', async () => {
    await controlPlane.kubectl(['rollout', 'status', 'deployment/shipmate', '-n', 'shipmate', '--timeout=30s']);
  });

  test('let the bot watch, read, scale and delete a pod, and neither delete anything else, nor read or write Secrets, nor change roles, nor enter pods', async () => {
    const kubeconfig = await controlPlane.kubeconfigFor({ serviceAccount: 'shipmate', namespace: 'shipmate' });
    const may = (...question: string[]): Promise<string> =>
      controlPlane
        .kubectl(['auth', 'can-i', ...question, '-n', 'shop'], { kubeconfig })
        .then((answer) => answer.trim())
        .catch(() => 'no');

    expect(await may('list', 'pods')).toBe('yes');
    expect(await may('update', 'deployments', '--subresource=scale')).toBe('yes');
    expect(await may('list', 'nodes')).toBe('yes');
    expect(await may('get', 'secrets')).toBe('no');
    expect(await may('update', 'secrets')).toBe('no');
    expect(await may('create', 'pods', '--subresource=exec')).toBe('no');
    expect(await may('patch', 'roles')).toBe('no');
    expect(await may('watch', 'horizontalpodautoscalers.autoscaling')).toBe('yes');
    expect(await may('get', 'pods', '--subresource=log')).toBe('yes');
    expect(await may('delete', 'pods')).toBe('yes');
    expect(await may('delete', 'deployments.apps')).toBe('no');
    expect(await may('deletecollection', 'pods')).toBe('no');
  });
});
