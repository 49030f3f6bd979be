import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';

interface PodStatus {
  phase: string;
  ready: boolean | undefined;
  reason: string | undefined;
}

describe('what goes wrong on the fake nodes looks as it does on real ones', () => {
  let controlPlane: ControlPlane;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ nodes: 1 });
  });
  afterAll(() => controlPlane?.stop());

  async function create(name: string, image: string, fault?: string): Promise<void> {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, annotations: fault === undefined ? {} : { 'practice.shipmate/fault': fault } },
      spec: { containers: [{ name: 'main', image }] },
    };
    await controlPlane.kubectl(['create', '-f', '-'], { input: JSON.stringify(pod) });
  }

  async function statusOf(name: string): Promise<PodStatus> {
    const { status } = JSON.parse(await controlPlane.kubectl(['get', 'pod', name, '-o', 'json']));
    const [container] = status.containerStatuses ?? [];
    return { phase: status.phase, ready: container?.ready, reason: container?.state.waiting?.reason };
  }

  test('a pod that crashes runs without being ready, in CrashLoopBackOff, and says so in an event', async () => {
    await create('crashing', 'registry.example/app:1', 'crash-loop');

    await expect
      .poll(() => statusOf('crashing'), { timeout: 10_000 })
      .toEqual({ phase: 'Running', ready: false, reason: 'CrashLoopBackOff' });
    await expect
      .poll(() => controlPlane.kubectl(['get', 'events', '--field-selector', 'reason=BackOff', '-o', 'wide']))
      .toContain('Back-off restarting failed container');
  });

  test('a pod whose image is missing goes from ErrImagePull to ImagePullBackOff and stays Pending', async () => {
    await create('imageless', 'registry.example/app:1-does-not-exist');

    const pending = { phase: 'Pending', ready: false };
    await expect.poll(() => statusOf('imageless'), { timeout: 10_000 }).toEqual({ ...pending, reason: 'ErrImagePull' });
    await expect
      .poll(() => statusOf('imageless'), { timeout: 10_000 })
      .toEqual({ ...pending, reason: 'ImagePullBackOff' });
  });

  test('a pod that starts slowly is not ready before its time', async () => {
    await create('slow', 'registry.example/app:1', 'slow-start=2s');

    await expect.poll(() => statusOf('slow'), { timeout: 10_000 }).toMatchObject({ phase: 'Running', ready: false });
    await expect.poll(() => statusOf('slow'), { timeout: 10_000 }).toMatchObject({ phase: 'Running', ready: true });
    const pod = JSON.parse(await controlPlane.kubectl(['get', 'pod', 'slow', '-o', 'json']));
    const readyAt = pod.status.conditions.find((each: { type: string }) => each.type === 'Ready').lastTransitionTime;
    expect(Date.parse(readyAt) - Date.parse(pod.status.startTime)).toBeGreaterThanOrEqual(1_000);
  });
});
