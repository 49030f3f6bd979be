import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';
import type { Cluster, KubeObject } from '../../src/kubernetes/cluster.ts';
import { revisionsOf } from '../../src/kubernetes/revisions.ts';
import { templateDigest, templateOf } from '../../src/kubernetes/template.ts';
import { chosenRevision, contentDigest, tryUndo, writeUndo } from '../../src/kubernetes/undo.ts';
import { pinnedResource, readWorkload } from '../../src/kubernetes/workload.ts';
import { systemClock } from '../../src/time.ts';
import { connectTo } from './ours.ts';

/** kubectl is the oracle: of two equal workloads it rolls one back and we the other, and they are equal afterwards. */
let controlPlane: ControlPlane;
let cluster: Cluster;
let close: () => Promise<void>;
beforeAll(async () => {
  controlPlane = await startControlPlane({ nodes: 2 });
  ({ cluster, close } = await connectTo(controlPlane));
  await controlPlane.kubectl(['create', 'namespace', 'twins']);
});
afterAll(async () => {
  await close?.();
  await controlPlane?.stop();
});

function kubectl(...args: string[]): Promise<string> {
  return controlPlane.kubectl([...args, '-n', 'twins']);
}

async function objectOf(type: string, name: string): Promise<KubeObject> {
  const [resource] = await cluster.resolve(type);
  if (!resource) throw new Error(type);
  return readWorkload(cluster, { resource, namespace: 'twins', name });
}

async function undo(type: string, name: string): Promise<void> {
  const [resource] = await cluster.resolve(type);
  if (!resource) throw new Error(type);
  const object = await objectOf(type, name);
  const ref = {
    ...{ cluster: 'real', namespace: 'twins', name },
    resource: pinnedResource(resource),
    uid: object.metadata.uid ?? '',
  };
  const revision = chosenRevision(object, resource.kind, await revisionsOf(cluster, object, resource.kind), 0);
  const plan = {
    ...{ ref, generation: object.metadata.generation, revision: revision.number },
    keeper: revision.keeper.metadata.name ?? '',
    content: contentDigest(resource.kind, revision),
    template: await tryUndo(cluster, ref, object, revision),
  };
  await writeUndo(cluster, plan, { clock: systemClock, signal: new AbortController().signal });
}

function annotationsOf({ metadata }: KubeObject): Record<string, string> {
  // The one of `kubectl apply` holds the whole object, its name included.
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...others } = metadata.annotations ?? {};
  return others;
}

test.each(['Deployment', 'StatefulSet', 'DaemonSet'])('%s: our rollback leaves what kubectl’s leaves', async (kind) => {
  const type = `${kind.toLowerCase()}s`;
  const names = [`${kind.toLowerCase()}-theirs`, `${kind.toLowerCase()}-ours`] as const;
  for (const name of names) {
    const object = {
      apiVersion: 'apps/v1',
      kind,
      metadata: { name, annotations: { team: 'harbour', 'kubernetes.io/change-cause': 'first' } },
      spec: {
        ...(kind === 'DaemonSet' ? {} : { replicas: 1 }),
        ...(kind === 'StatefulSet' ? { serviceName: 'twins' } : {}),
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: 'main', image: 'registry.example/main:1', env: [{ name: 'A', value: '1' }] }] },
        },
      },
    };
    await cluster.request({
      method: 'POST',
      resource: { group: 'apps', version: 'v1', plural: type, namespaced: true },
      namespace: 'twins',
      body: object,
    });
    await vi.waitFor(
      async () => expect(await kubectl('rollout', 'history', `${type}/${name}`)).toMatch(/^1\s/m),
      20_000,
    );
    await kubectl('set', 'image', `${type}/${name}`, 'main=registry.example/main:2');
    await kubectl('annotate', `${type}/${name}`, 'kubernetes.io/change-cause=second', 'later=yes', '--overwrite');
    await vi.waitFor(
      async () => expect(await kubectl('rollout', 'history', `${type}/${name}`)).toMatch(/^2\s/m),
      20_000,
    );
  }
  const [theirs, ours] = names;

  await kubectl('rollout', 'undo', `${type}/${theirs}`);
  await undo(type, ours);

  // The revision in the annotations is the controller's to move.
  await vi.waitFor(async () => {
    const [their, our] = await Promise.all([objectOf(type, theirs), objectOf(type, ours)]);
    expect(annotationsOf(our)).toEqual(annotationsOf(their));
    const asTheirs = JSON.parse(JSON.stringify(templateOf(our)).replaceAll(ours, theirs));
    expect(asTheirs).toEqual(templateOf(their));
    expect(templateDigest(asTheirs)).toBe(templateDigest(templateOf(their)));
  }, 20_000);
  const history = async (name: string) => (await kubectl('rollout', 'history', `${type}/${name}`)).replaceAll(name, '');
  await vi.waitFor(async () => expect(await history(ours)).toBe(await history(theirs)), 20_000);
  await expect(kubectl('rollout', 'undo', `${type}/${ours}`, '--to-revision=99')).rejects.toThrow(
    'unable to find specified revision 99 in history',
  );
});

test('a paused Deployment is refused by both', async () => {
  await kubectl('rollout', 'pause', 'deployment/deployment-theirs');

  await expect(kubectl('rollout', 'undo', 'deployment/deployment-theirs')).rejects.toThrow(
    "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
  );
});
