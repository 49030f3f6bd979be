import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alertsSchema } from '../../../src/config/alerts.ts';
import { PermissionError } from '../../../src/errors.ts';
import { explain } from '../../../src/incidents/desk/explain.ts';
import image from '../../../src/incidents/rules/p03-image.ts';
import { settingsOf } from '../../../src/incidents/settings.ts';
import { glance } from '../../../src/incidents/watcher/glance.ts';
import { keepMarks } from '../../../src/incidents/watcher/marks.ts';
import type { Call, Cluster, KubeObject } from '../../../src/kubernetes/cluster.ts';
import { createLogger } from '../../../src/log.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { deployment, node, pod, replicaSet, waiting } from '../../support/kube-objects.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../../support/services.ts';
import { T0 } from '../../support/timeline.ts';

let etcd: EtcdService;
let store: Store;

beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(() => etcd.stop());
beforeEach(() => {
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: ownPrefix(), log: createLogger('silent') });
  return () => store.close();
});

const IMAGE = 'registry.example.com/shop/web:9';
const web = deployment('web');
const set = replicaSet('web-1', { owner: web });
const state = waiting('ErrImagePull', `${IMAGE}: not found`);
const ill = pod('web-1-a', { owner: set, phase: 'Pending', containers: [{ image: IMAGE, state }] });
const OBJECTS: Readonly<Record<string, readonly KubeObject[]>> = {
  deployments: [web],
  replicasets: [set],
  pods: [ill],
  nodes: [node('n1')],
};

/** A cluster that lists these; some kinds may not be listed. */
function clusterOf(forbidden: readonly string[], asked: string[] = []): Cluster {
  const request = async ({ resource, name, namespace }: Call) => {
    asked.push([namespace ?? '', resource.plural, name ?? ''].join('/'));
    if (forbidden.includes(resource.plural)) throw new PermissionError(`${resource.plural} is forbidden`);
    const found = OBJECTS[resource.plural] ?? [];
    return name === undefined ? { items: found } : (found.find((one) => one.metadata.name === name) ?? found[0]);
  };
  return { name: 'eu1', request } as unknown as Cluster;
}

const settings = settingsOf(alertsSchema.parse({}), [image]);
const target = { cluster: 'eu1', namespace: ill.metadata.namespace as string, kind: 'Deployment', name: 'web' };
const look = (cluster: Cluster, now: number) =>
  glance({ cluster, store, rules: [image], settings, clock: () => now }, target);

describe('one look at a place that another replica watches', () => {
  it('tells what the rules find there, and asks for no other namespace', async () => {
    const asked: string[] = [];
    const found = explain(target, await look(clusterOf(['resourcequotas'], asked), T0 + 5_000), T0 + 5_000);

    expect(found).toMatchObject([{ object: 'pod/web-1-a', findings: [{ rule: 'P03', state: 'pending' }] }]);
    expect(asked).toContain(`${target.namespace}/pods/`);
    expect(asked).not.toContain('/pods/');
    expect(asked).not.toContain('/nodes/');
  });

  it('remembers what the leader remembers', async () => {
    const seen = await look(clusterOf([]), T0);
    const { engine } = seen as typeof seen & { engine: { takeMarks(): Parameters<typeof keepMarks>[2] } };
    await keepMarks(store, 'eu1', engine.takeMarks(), { op: 'check', path: 'leaders/x', expect: 'absent' });

    const later = T0 + 3_600_000;
    const found = explain({ ...target, rule: 'P03' }, await look(clusterOf([]), later), later);

    expect(found[0]?.findings).toMatchObject([{ state: 'firing' }]);
  });
});
