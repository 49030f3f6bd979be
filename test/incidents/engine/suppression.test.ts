import { expect, test } from 'vitest';
import { condition, cronJob, job, namespace, type PodOptions, pod } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';
import { belowRule, notReadyRule, terminatingRule, unpulled, waitingRule } from './sample-rules.ts';

const disrupted = (reason: string) => ({ conditions: [condition('DisruptionTarget', true, 0, reason)] });

test.each<[string, PodOptions, string]>([
  ['is being deleted', { deletedAt: 30 }, 'it is being deleted'],
  ['has succeeded', { phase: 'Succeeded' }, 'the pod has succeeded'],
  ['waits at a scheduling gate', { spec: { schedulingGates: [{ name: 'quota' }] } }, 'scheduling gates hold it back'],
  ['belongs to a Job', { owner: job('backup') }, 'its Job is judged instead'],
  ['was evicted on purpose', disrupted('EvictionByEvictionAPI'), 'moved on purpose'],
  ['was driven away by a taint', disrupted('DeletionByTaintManager'), 'moved on purpose'],
  ['gave way to a more important one', disrupted('PreemptionByScheduler'), 'moved on purpose'],
])('a pod that %s says nothing', (_what, options, because) => {
  const world = timeline([waitingRule]);

  world.put(unpulled('web-1', options), 0);

  expect(world.at(1_000)).toEqual([]);
  const [why] = world.explain('Pod', 'shop', 'web-1');
  expect(why).toMatchObject({ rule: 'P03', state: 'suppressed' });
  expect(why?.because).toContain(because);
});

test('a pod that the garbage collector took with its node still counts', () => {
  const world = timeline([waitingRule]);

  world.put(unpulled('web-1', disrupted('DeletionByPodGC')), 0);

  expect(world.at(120)).toHaveLength(1);
});

test('a pod of a CronJob’s Job says nothing, whether its Job is seen or not', () => {
  const world = timeline([waitingRule]);
  const nightly = cronJob('nightly');
  const run = job('nightly-1', { owner: nightly });

  world.put(unpulled('nightly-1-x', { owner: run }), 0);
  world.put(nightly, 0);
  world.put(run, 0);

  expect(world.at(1_000)).toEqual([]);
});

test('what is being deleted is judged by the rules that ask for it', () => {
  const world = timeline([waitingRule, terminatingRule]);

  world.put(unpulled('web-1', { deletedAt: 100 }), 70);

  expect(world.at(129.999)).toEqual([]);
  expect(world.at(130)).toMatchObject([{ rule: 'P14' }]);
});

test('deletion ends what was held', () => {
  const world = timeline([waitingRule]);
  world.put(unpulled('web-1'), 0);

  world.put(unpulled('web-1', { deletedAt: 130 }), 100);

  expect(world.at(1_000)).toEqual([]);
  expect(world.engine.nextDue()).toBeUndefined();
});

test('in a namespace that is being deleted only stuck objects count', () => {
  const world = timeline([waitingRule, terminatingRule]);
  world.put(namespace('shop'), 0);
  world.put(unpulled('web-1'), 0);
  expect(world.at(120)).toHaveLength(1);

  world.put(namespace('shop', { phase: 'Terminating' }), 130);
  expect(world.at(250)).toEqual([]);

  world.put(unpulled('web-1', { deletedAt: 260 }), 255);
  expect(world.at(290)).toMatchObject([{ rule: 'P14' }]);
});

test('ignored namespaces say nothing, by name or pattern', () => {
  const world = timeline([waitingRule], { alerts: { ignoreNamespaces: ['scratch', 'ci-*'] } });

  for (const name of ['scratch', 'ci-1', 'shop']) world.put(unpulled('web-1', { namespace: name }), 0);

  expect(world.at(120).map(({ object }) => object.namespace)).toEqual(['shop']);
});

test('a rule that is disabled says nothing', () => {
  const world = timeline([waitingRule, notReadyRule], { alerts: { rules: { P03: { enabled: false } } } });

  world.put(unpulled('web-1'), 0);

  expect(world.at(1_000)).toEqual([]);
  expect(world.explain('Pod', 'shop', 'web-1')).toMatchObject([
    { rule: 'P03', state: 'disabled', because: 'disabled in the config file' },
    { rule: 'P08', state: 'quiet', because: 'condition is false' },
  ]);
});

test('the config’s severity replaces the rule’s, and non-production counts one step less', () => {
  const alerts = { rules: { P03: { severity: 'critical' } }, nonProduction: { labels: { env: 'staging' } } };
  const world = timeline([waitingRule, belowRule], { alerts });
  world.put(namespace('shop'), 0);
  world.put(unpulled('web-1'), 0);
  expect(world.at(120)).toMatchObject([{ severity: 'critical' }]);

  world.put(namespace('shop', { labels: { env: 'staging' } }), 130);

  expect(world.at(130)).toMatchObject([{ severity: 'high' }]);
  expect(world.states()).toMatchObject([{ namespaceLabels: { env: 'staging' } }]);
});

test.each([
  ['namespace', { nonProduction: { namespaces: ['sh*'] } }],
  ['cluster', { nonProduction: { clusters: ['eu1'] } }],
])('non-production by %s', (_what, alerts) => {
  const world = timeline([waitingRule], { alerts });

  world.put(unpulled('web-1'), 0);

  expect(world.at(120)).toMatchObject([{ severity: 'info' }]);
});

test('a rule that throws does not keep the others from their work, and what it said stands', () => {
  let isBroken = false;
  const fragile = {
    ...notReadyRule,
    id: 'P99',
    judge: (...asked: Parameters<typeof notReadyRule.judge>) => {
      if (isBroken) throw new Error('a bug');
      return notReadyRule.judge(...asked);
    },
  };
  const told: string[] = [];
  const world = timeline([fragile, notReadyRule], { onRuleError: (rule, { name }) => told.push(`${rule} ${name}`) });
  world.put(pod('web-1', { ready: false, readyAt: 0 }), 0);
  expect(world.at(60)).toHaveLength(2);

  isBroken = true;
  world.put(pod('web-1', { readyAt: 70 }), 70);

  expect(world.at(300)).toMatchObject([{ rule: 'P99' }]);
  expect(told).toContain('P99 web-1');
  expect(world.engine.ruleErrors().P99).toBeGreaterThan(0);
});
