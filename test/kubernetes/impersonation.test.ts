import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { standingOf } from '../../src/access/cluster-identity.ts';
import { accessClusterSchema } from '../../src/config/access-cluster.ts';
import { fileSchema } from '../../src/config/file.ts';
import { PermissionError } from '../../src/errors.ts';
import type { Clusters } from '../../src/kubernetes/cluster.ts';
import { type ConnectedClusters, connectClusters } from '../../src/kubernetes/connect.ts';
import { impersonationHeaders } from '../../src/kubernetes/impersonation.ts';
import { reviewAccess } from '../../src/kubernetes/subject-access-review.ts';
import { createLogger } from '../../src/log.ts';
import { actingAs } from '../../src/pipeline/acting-as.ts';
import { startPracticeCluster } from '../support/practice-cluster.ts';

const ADA = { team: 'T1', user: 'U1ADA' };
const EVE = { team: 'T1', user: 'U1EVE' };
const PODS = { group: '', version: 'v1', plural: 'pods', namespaced: true };
const PEOPLE = { U1ADA: { user: 'ada@example.com', groups: ['platform', 'shop, admins'] } };

let practice: Awaited<ReturnType<typeof startPracticeCluster>>;
let clusters: ConnectedClusters;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shipmate-impersonation-'));
  practice = await startPracticeCluster();
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, practice.kubeconfig);
  const config = fileSchema.parse({ clusters: { demo: { kubeconfig } } });
  clusters = connectClusters(config.clusters, {}, createLogger('silent'));
});
afterAll(async () => {
  await clusters?.close();
  await practice?.stop();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  practice.access.allowAll();
  practice.access.impersonations.length = 0;
});

function as(person: typeof ADA, mode = 'impersonate'): Clusters {
  const config = accessClusterSchema.parse({ mode, people: PEOPLE });
  return actingAs(clusters, person, () => standingOf(config, person, true));
}

describe('calls made as the person', () => {
  test('carry the user, and each group in a header of its own, also on watches', async () => {
    const listed = await as(ADA).get('demo').request({ resource: PODS, namespace: 'default' });
    const stop = new AbortController();
    const resourceVersion = listed.metadata.resourceVersion ?? '';
    const watching = (async () => {
      const watch = as(ADA).get('demo').watch({ resource: PODS, resourceVersion, signal: stop.signal });
      for await (const event of watch) expect(event).toBeDefined();
    })();

    const who = {
      user: 'ada@example.com',
      groups: ['platform', 'shop, admins', 'system:authenticated'],
      resource: 'pods',
    };
    await expect
      .poll(() => practice.access.impersonations)
      .toEqual([
        { ...who, verb: 'list' },
        { ...who, verb: 'watch' },
      ]);
    stop.abort();
    await watching;
  });

  test('are refused for the person’s lack of rights, and the hint says as whom it was asked', async () => {
    practice.access.deny({ user: 'ada@example.com', verb: 'list', resource: 'pods' });

    await expect(clusters.get('demo').request({ resource: PODS })).resolves.toBeDefined();
    const refused = as(ADA).get('demo').request({ resource: PODS });
    await expect(refused).rejects.toThrow('User "ada@example.com" cannot list resource "pods"');
    await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining('Asked as "ada@example.com"') });
  });

  test('are not made for somebody without a user there', async () => {
    await expect(as(EVE).get('demo').request({ resource: PODS })).rejects.toThrow(PermissionError);
    expect(practice.access.impersonations).toEqual([]);
  });

  test('are the bot’s own for discovery, and altogether in the other modes', async () => {
    await as(ADA).get('demo').resolve('pods');
    await as(EVE).get('demo').version();
    await as(ADA, 'review').get('demo').request({ resource: PODS });
    await as(EVE, 'off').get('demo').request({ resource: PODS });
    expect(practice.access.impersonations).toEqual([]);
  });
});

describe('a review', () => {
  test('is answered by the cluster about the user, and counts as no when it cannot be asked', async () => {
    practice.access.deny({ user: 'ada@example.com', verb: 'update', resource: 'deployments', subresource: 'scale' });
    const subject = { user: 'ada@example.com', groups: ['platform'] };
    const right = { verb: 'update', group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'shop' };
    const demo = clusters.get('demo');

    expect(await reviewAccess(demo, subject, right)).toEqual({ allowed: false, reason: '' });
    expect(await reviewAccess(demo, subject, { ...right, verb: 'get' })).toEqual({ allowed: true });
    expect(await reviewAccess(demo, { ...subject, user: 'grace' }, right)).toEqual({ allowed: true });

    practice.access.deny({ verb: 'create', resource: 'subjectaccessreviews' });
    await expect(reviewAccess(demo, subject, right)).rejects.toThrow('could not be asked');
  });
});

describe('T9: headers cannot be injected', () => {
  test.each(['a\r\nImpersonate-Group: admins', 'a\nb', 'a\u0000', 'ä', '', 'system:masters', 'SYSTEM:nodes'])(
    '%j is sent neither as a user nor as a group',
    (word) => {
      expect(() => impersonationHeaders({ user: word, groups: [] })).toThrow(PermissionError);
      expect(() => impersonationHeaders({ user: 'ada', groups: [word] })).toThrow(PermissionError);
    },
  );

  test('the group of everybody is no user', () => {
    expect(() => impersonationHeaders({ user: 'system:authenticated', groups: [] })).toThrow(PermissionError);
    expect(impersonationHeaders({ user: 'ada', groups: ['system:authenticated'] })).toEqual([
      'impersonate-user',
      'ada',
      'impersonate-group',
      'system:authenticated',
    ]);
  });
});
