import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { availabilityNotes, selects } from '../../src/kubernetes/disruption.ts';
import {
  type RestartPlan,
  requireRestartable,
  restartLook,
  restartTime,
  restartVerdict,
} from '../../src/kubernetes/restart.ts';
import { type ScalePlan, scaleVerdict, staleReason } from '../../src/kubernetes/scale.ts';
import { scaleLook } from '../../src/kubernetes/scale-follow.ts';
import type { WorkloadRef } from '../../src/kubernetes/workload.ts';

const resource = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  singular: 'deployment',
  kind: 'Deployment',
  namespaced: true,
};
const ref: WorkloadRef = { cluster: 'demo', resource, namespace: 'shop', name: 'web', uid: 'u1' };
const plan: ScalePlan = { ref, generation: 4, from: 2, to: 5 };
const signed = [
  { manager: 'shipmate', operation: 'Update', subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
];
const byKubectl = [{ ...signed[0], manager: 'kubectl', time: '2026-11-20T09:41:07Z' }];

function web(generation: number, more: object = {}, metadata: object = {}): KubeObject {
  return { kind: 'Deployment', metadata: { name: 'web', uid: 'u1', generation, ...metadata }, ...more };
}

test.each([
  ['nothing moved: it was not applied', web(4), 2, false],
  [
    'nothing moved since an earlier scaling of ours: it was not applied',
    web(4, {}, { managedFields: signed }),
    2,
    false,
  ],
  ['one step to the wish, signed: it was applied', web(5, {}, { managedFields: signed }), 5, true],
  ['one step to the wish by somebody else is not ours', web(5, {}, { managedFields: byKubectl }), 5, 'unknown'],
  ['two steps could be anything', web(6, {}, { managedFields: signed }), 5, 'unknown'],
  ['one step that left the replicas', web(5), 2, 'unknown'],
  ['another object of the same name', web(5, {}, { uid: 'u2', managedFields: signed }), 5, 'unknown'],
])('%s', (_, object, replicas, applied) => {
  expect(scaleVerdict(plan, object, replicas).applied).toBe(applied);
});

test('what was found is told with who did it', () => {
  expect(scaleVerdict(plan, web(5, {}, { managedFields: byKubectl }), 5)).toEqual({
    applied: 'unknown',
    found:
      'deployment.apps/web has 5 replicas now (planned 2 → 5), set by kubectl at 2026-11-20T09:41:07Z; its spec changed once since the plan',
  });
});

test.each([
  [web(4), 2, undefined],
  [web(4), 3, 'Expected replicas to be 2, was 3: deployment.apps/web changed since the plan was made.'],
  [
    web(5, {}, { managedFields: [{ manager: 'kubectl-edit', time: '2026-11-20T09:41:07Z' }] }),
    2,
    'deployment.apps/web changed since the plan was made: generation 5, planned 4, last changed by kubectl-edit at 2026-11-20T09:41:07Z.',
  ],
  [web(4, {}, { uid: 'u2' }), 2, 'deployment.apps/web was deleted and created again since the plan was made.'],
])('a plan for %j with %i replicas: %s', (object, replicas, reason) => {
  expect(staleReason(plan, object, replicas)).toBe(reason);
});

const settled = { observedGeneration: 5, replicas: 5, updatedReplicas: 5, availableReplicas: 5 };
test.each([
  [
    'an older picture is not believed',
    web(4, { spec: { replicas: 2 }, status: { ...settled, observedGeneration: 4 } }),
    'waiting',
  ],
  [
    'a picture not yet observed is waited for',
    web(5, { spec: { replicas: 5 }, status: { ...settled, observedGeneration: 4 } }),
    'waiting',
  ],
  ['all ready is done', web(5, { spec: { replicas: 5 }, status: settled }), 'done'],
  [
    'pods that are still going away are waited for',
    web(5, { spec: { replicas: 5 }, status: { ...settled, replicas: 7, updatedReplicas: 7, availableReplicas: 7 } }),
    'waiting',
  ],
  ['other replicas mean somebody else', web(6, { spec: { replicas: 3 }, status: settled }), 'superseded'],
  [
    'a paused Deployment scales too',
    web(5, { spec: { replicas: 5, paused: true }, status: { ...settled, updatedReplicas: 0 } }),
    'done',
  ],
])('%s', (_, object, state) => {
  expect(scaleLook(plan, { generation: 5 }, object).state).toBe(state);
});

test('an old failure of the rollout is told, not waited for', () => {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
  const look = scaleLook(
    plan,
    { generation: 5 },
    web(5, { spec: { replicas: 5 }, status: { ...settled, conditions } }),
  );

  expect(look).toMatchObject({ state: 'failed', text: 'error: deployment "web" exceeded its progress deadline' });
});

const restart: RestartPlan = { ref, generation: 4, restartedAt: '2026-11-20T09:41:07Z' };
function restarted(at: string | undefined, generation: number, status: object = {}): KubeObject {
  const annotations = at === undefined ? {} : { 'kubectl.kubernetes.io/restartedAt': at };
  return web(generation, { spec: { replicas: 1, template: { metadata: { annotations } } }, status });
}

test.each([
  ['its own time on the template: it was applied', restarted(restart.restartedAt, 5), true],
  ['nothing moved: it was not applied', restarted(undefined, 4), false],
  ['another time on a moved object', restarted('2026-11-20T09:42:00Z', 5), 'unknown'],
])('%s', (_, object, applied) => {
  expect(restartVerdict(restart, object).applied).toBe(applied);
});

test('a restart ends when the rollout of its own template does', () => {
  const done = { observedGeneration: 5, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };

  expect(restartLook(restart, { generation: 5 }, restarted(undefined, 4, done)).state).toBe('waiting');
  expect(restartLook(restart, { generation: 5 }, restarted(restart.restartedAt, 5, done)).state).toBe('done');
  expect(restartLook(restart, { generation: 5 }, restarted('2026-11-20T10:00:00Z', 6, done)).state).toBe('superseded');
});

test('times are whole seconds in UTC, as kubectl writes them', () => {
  expect(restartTime(Date.parse('2026-11-20T09:41:07.999Z'))).toBe('2026-11-20T09:41:07Z');
});

test('what cannot be restarted is refused in kubectl’s words', () => {
  const job = { ...ref, resource: { ...resource, group: 'batch', plural: 'jobs', kind: 'Job' } };

  expect(() => requireRestartable(web(1, { spec: { paused: true } }), ref)).toThrow(
    'error: deployments.apps "web" can\'t restart paused deployment (run rollout resume first)',
  );
  expect(() => requireRestartable(web(1), job)).toThrow('error: jobs.batch "web" restarting is not supported');
});

test.each([
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'db' } }, false],
  [{}, true],
  [undefined, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, true],
  [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, false],
])('the selector %j selects app=web: %s', (selector, expected) => {
  expect(selects(selector, { app: 'web' })).toBe(expected);
});

function budget(minAvailable: number | string): KubeObject {
  return { metadata: { name: 'web' }, spec: { minAvailable, selector: { matchLabels: { app: 'web' } } } };
}

test.each([
  [0, 3, [], ['No replica remains: whatever it serves stops.']],
  [1, 3, [], ['One replica remains: any restart of it is an outage.']],
  [2, 3, [budget(3)], ['PodDisruptionBudget web wants 3 available; scaling is not held back by it.']],
  [2, 3, [budget(2)], ['PodDisruptionBudget web will allow no eviction with 2: drains will wait.']],
  [2, 3, [budget('100%')], ['PodDisruptionBudget web will allow no eviction with 2: drains will wait.']],
  [2, 3, [budget(1)], []],
  [5, 3, [budget(9)], []],
])('to %i from %i is worth saying %#', (to, from, budgets, notes) => {
  expect(availabilityNotes(to, from, budgets, { app: 'web' })).toEqual(notes);
});
