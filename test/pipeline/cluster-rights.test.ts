import { beforeEach, describe, expect, test } from 'vitest';
import { type Standing, standingOf } from '../../src/access/cluster-identity.ts';
import { accessClusterSchema } from '../../src/config/access-cluster.ts';
import { PermissionError, UnavailableError } from '../../src/errors.ts';
import type { Call } from '../../src/kubernetes/cluster.ts';
import { reviewInClusters, withVerbs } from '../../src/pipeline/cluster-rights.ts';
import type { AnyCommand } from '../../src/pipeline/definition.ts';

const ADA = { team: 'T1', user: 'U1ADA' };
const EVE = { team: 'T1', user: 'U1EVE' };
const WEB = { permission: 'k8s:scale', cluster: 'demo', namespace: 'shop', resource: 'deployments.apps', name: 'web' };
const MAPPED = { mode: 'review', people: { U1ADA: { user: 'ada@example.com', groups: ['platform', 'shop'] } } };
const scale = {
  risk: 'low',
  rbac: [
    { group: 'apps', resources: ['deployments', 'statefulsets'], verbs: ['get', 'list', 'watch'] },
    { group: 'apps', resources: ['deployments/scale'], verbs: ['get', 'update'] },
    { group: '', resources: ['pods'], verbs: ['list'] },
  ],
} as unknown as AnyCommand;
const get = { risk: 'read', rbac: [] } as unknown as AnyCommand;

let bodies: { spec: { user: string; groups: string[]; resourceAttributes: Record<string, string> } }[];
let answer: (attributes: Record<string, string>) => unknown;
const cluster = {
  name: 'demo',
  request: async ({ body, method, resource }: Call) => {
    expect([method, resource.group, resource.plural]).toEqual(['POST', 'authorization.k8s.io', 'subjectaccessreviews']);
    bodies.push(body as (typeof bodies)[number]);
    return { status: answer((body as (typeof bodies)[number]).spec.resourceAttributes) };
  },
};
const standing = (person: typeof ADA, config: unknown = MAPPED): Standing =>
  standingOf(accessClusterSchema.parse(config), person, true);
const world = (config: unknown = MAPPED) => ({
  access: { standing: (person: typeof ADA) => standing(person, config) },
  clusters: { names: ['demo'], get: () => cluster, all: () => [cluster] } as never,
});

beforeEach(() => {
  bodies = [];
  answer = () => ({ allowed: true });
});

describe('the cluster decides, too', () => {
  test('about the mapped user with every group, for each verb on the object and its subresource', async () => {
    await reviewInClusters(world(), ADA, withVerbs(scale, [WEB]));

    expect(bodies[0]?.spec).toMatchObject({
      user: 'ada@example.com',
      groups: ['platform', 'shop', 'system:authenticated'],
    });
    const attributes = bodies.map(({ spec }) => spec.resourceAttributes);
    expect(attributes.map(({ verb, subresource }) => [verb, subresource])).toEqual([
      ['get', undefined],
      ['get', 'scale'],
      ['update', 'scale'],
    ]);
    expect(attributes[2]).toMatchObject({ group: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' });
  });

  test('about listing where no object is named, and in all namespaces by none', async () => {
    const pods = { permission: 'k8s:get', cluster: 'demo', namespace: '*', resource: 'pods' };
    await reviewInClusters(world(), ADA, withVerbs(get, [pods]));

    expect(bodies.map(({ spec }) => spec.resourceAttributes)).toEqual([
      { version: '*', verb: 'list', group: '', resource: 'pods' },
    ]);
  });

  test('and a no is told in kubectl’s words with what is lacking', async () => {
    answer = ({ verb }) => (verb === 'update' ? { allowed: false, reason: 'not bound' } : { allowed: true });

    const refused = reviewInClusters(world(), ADA, withVerbs(scale, [WEB]));
    await expect(refused).rejects.toThrow(PermissionError);
    await expect(refused).rejects.toThrow(
      'no - not bound: user "ada@example.com" may not update deployments.apps/scale "web" in namespace shop on cluster demo',
    );
  });

  test('and without an answer nothing is done', async () => {
    answer = () => {
      throw new PermissionError('forbidden');
    };
    await expect(reviewInClusters(world(), ADA, withVerbs(get, [WEB]))).rejects.toThrow(UnavailableError);

    answer = () => undefined;
    await expect(reviewInClusters(world(), ADA, withVerbs(get, [WEB]))).rejects.toThrow('no: user');
  });

  test('and nobody unknown to it gets anything, nor a change planned before it was asked', async () => {
    await expect(reviewInClusters(world(), EVE, withVerbs(get, [WEB]))).rejects.toThrow('you have no Kubernetes user');
    await expect(reviewInClusters(world(), ADA, [WEB])).rejects.toThrow('before the clusters had to agree');
    expect(bodies).toEqual([]);
  });

  test('only where the config says so, and only about clusters', async () => {
    await reviewInClusters(world({ mode: 'off' }), EVE, [WEB]);
    await reviewInClusters(world(), EVE, [{ permission: 'etcd:get', etcd: 'main' }]);
    expect(bodies).toEqual([]);
  });
});

describe('T9: nobody becomes somebody else in Kubernetes', () => {
  const people = (one: unknown) => accessClusterSchema.safeParse({ mode: 'review', people: { U1ADA: one } });

  test.each(['system:masters', 'System:masters', 'system:nodes', 'a\r\nImpersonate-Group: x', 'a\u0000', 'ä', ''])(
    'a mapping to %j is refused, as a user and as a group',
    (word) => {
      expect(people({ user: word }).success).toBe(false);
      expect(people({ user: 'ada', groups: ['ok', word] }).success).toBe(false);
    },
  );

  test('an id of another workspace is another person', () => {
    const stranger = { team: 'T2', user: 'U1ADA' };
    expect(standingOf(accessClusterSchema.parse(MAPPED), stranger, false)).toEqual({ mode: 'review' });
    const both = { mode: 'review', people: { ...MAPPED.people, 'T2/U1ADA': { user: 'other' } } };
    expect(standingOf(accessClusterSchema.parse(both), stranger, false)).toMatchObject({ identity: { user: 'other' } });
  });

  test('everybody is authenticated and nobody more', () => {
    expect(standing(ADA)).toMatchObject({ identity: { groups: ['platform', 'shop', 'system:authenticated'] } });
  });
});
