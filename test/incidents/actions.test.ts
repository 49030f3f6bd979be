import { join } from 'node:path';
import { expect, test } from 'vitest';
import { normalise } from '../../src/chat/text/normalise.ts';
import { actionsOf, lineFor, podOf } from '../../src/incidents/actions.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import type { ActionWord } from '../../src/incidents/rule.ts';
import { parseLine } from '../../src/pipeline/parse.ts';
import { createRegistry, loadCommands } from '../../src/pipeline/registry.ts';
import { external, incident, signal, storm, WEB } from './card/incidents.ts';

const registry = createRegistry(await loadCommands(join(import.meta.dirname, '../../commands')));
const ACTIONS: readonly ActionWord[] = [
  ...(['logs', 'describe', 'rollback', 'pause', 'resume', 'restart', 'scale', 'delete-pod'] as const),
  ...(['cordon', 'uncordon', 'rerun'] as const),
];

const ref = (apiVersion: string, kind: string, name: string, namespace = 'shop') => ({
  ...{ apiVersion, kind, name, namespace },
  uid: `uid-${name}`,
});
const POD = ref('v1', 'Pod', 'web-7d9f-abc');

function rooted(root: Incident['root'], more: Partial<Incident> = {}): Incident {
  return incident({ root, signals: [signal({ object: root, about: root, container: undefined })], ...more });
}

const NODE = rooted(ref('v1', 'Node', 'harbour-2', ''), { domain: 'node' });
const JOB = rooted(ref('batch/v1', 'Job', 'import'), { domain: 'job' });
const CRON = rooted(ref('batch/v1', 'CronJob', 'backup'), { domain: 'job' });
const ROLLOUT = rooted(ref('argoproj.io/v1alpha1', 'Rollout', 'web'));
const ALONE = rooted(ref('v1', 'Pod', 'alone'));

test.each<[string, ActionWord, Incident, string | undefined]>([
  [
    'a crash',
    'logs',
    incident({ signals: [signal({ causeClass: 'crash' })] }),
    'k8s logs web-7d9f-abc -n shop -c main --previous --cluster demo',
  ],
  ['an image', 'logs', incident(), 'k8s logs web-7d9f-abc -n shop -c main --cluster demo'],
  ['a workload', 'logs', rooted(WEB), 'k8s logs deployment/web -n shop --cluster demo'],
  ['a pod', 'describe', incident(), 'k8s describe pod/web-7d9f-abc -n shop --cluster demo'],
  ['a Deployment', 'rollback', incident(), 'k8s rollout undo deployment/web -n shop --cluster demo'],
  ['a Deployment', 'pause', incident(), 'k8s rollout pause deployment/web -n shop --cluster demo'],
  ['a Deployment', 'resume', incident(), 'k8s rollout resume deployment/web -n shop --cluster demo'],
  ['a Deployment', 'restart', incident(), 'k8s rollout restart deployment/web -n shop --cluster demo'],
  [
    'room for two',
    'scale',
    incident({ signals: [signal({ causeClass: 'unschedulable' })] }),
    'k8s scale deployment/web 2 -n shop --cluster demo',
  ],
  ['no telling how many', 'scale', incident(), undefined],
  ['a pod', 'delete-pod', incident(), 'k8s delete pod web-7d9f-abc -n shop --cluster demo'],
  ['a pod of its own', 'delete-pod', ALONE, 'k8s delete pod alone -n shop --cluster demo'],
  ['a pod of its own', 'rollback', ALONE, undefined],
  ['a node', 'cordon', NODE, 'k8s cordon harbour-2 --cluster demo'],
  ['a node', 'uncordon', NODE, 'k8s uncordon harbour-2 --cluster demo'],
  ['a node', 'describe', NODE, 'k8s describe node/harbour-2 --cluster demo'],
  ['a node', 'rollback', NODE, undefined],
  ['a node', 'logs', NODE, undefined],
  ['the node of a pod', 'cordon', incident(), 'k8s cordon harbour-2 --cluster demo'],
  ['a Job', 'rerun', JOB, 'k8s rerun job/import -n shop --cluster demo'],
  ['a Job', 'logs', JOB, 'k8s logs job/import -n shop --cluster demo'],
  ['a CronJob', 'rerun', CRON, 'k8s create job --from=cronjob/backup -n shop --cluster demo'],
  ['a Deployment', 'rerun', incident(), undefined],
  ['a StatefulSet', 'pause', rooted(ref('apps/v1', 'StatefulSet', 'db')), undefined],
  ['an Argo Rollout', 'rollback', ROLLOUT, undefined],
  ['an Argo Rollout', 'describe', ROLLOUT, 'k8s describe rollout.argoproj.io/web -n shop --cluster demo'],
  ['a storm', 'rollback', storm(7), undefined],
  ['an alert from elsewhere', 'describe', external(), undefined],
  ['Shipmate itself', 'describe', rooted(ref('shipmate/v1', 'Shipmate', 'shipmate', '')), undefined],
])('%s: %s is the right line', (_, action, found, line) => {
  expect(lineFor(action, found)).toBe(line);
});

test('every line parses as the command that it names', () => {
  for (const found of [incident(), NODE, JOB, CRON, ALONE, ROLLOUT]) {
    for (const action of ACTIONS) {
      const line = lineFor(action, found);
      if (line === undefined) continue;
      const parsed = parseLine(normalise(`/${line}`).words, registry);
      expect(parsed.kind, line).toBe('command');
    }
  }
});

test('whatever stands in a name stays one word of the line', () => {
  const odd = incident({ signals: [signal({ about: { ...POD, name: "x'; --force web" } })] });
  const line = lineFor('delete-pod', odd) as string;

  expect(normalise(`/${line}`).words.map(({ text }) => text)).toEqual([
    ...['/k8s', 'delete', 'pod', "x'; --force web", '-n', 'shop', '--cluster', 'demo'],
  ]);
});

test('a stalled rollout is rolled back first; nothing is offered twice, or once it is over', () => {
  const stalled = incident({
    signals: [signal(), signal({ rule: 'R01', object: WEB, about: WEB, actions: ['rollback', 'restart'] })],
  });

  expect(actionsOf(stalled).map(({ action, label }) => [action, label])).toEqual([
    ['rollback', 'Roll back web'],
    ['logs', 'Logs'],
    ['describe', 'Describe'],
    ['pause', 'Pause web'],
    ['restart', 'Restart web'],
  ]);
  expect(actionsOf({ ...stalled, domain: 'availability' })[0]?.action).toBe('logs');
  expect(actionsOf({ ...stalled, status: 'resolved' })).toEqual([]);
  expect(actionsOf(storm(7))).toEqual([]);
});

test('a node is cordoned first, a failed Job run again first', () => {
  const node = rooted(NODE.root, {
    domain: 'node',
    signals: [signal({ object: NODE.root, about: NODE.root, actions: ['cordon'] })],
  });
  const job = rooted(JOB.root, {
    domain: 'job',
    signals: [signal({ object: JOB.root, about: POD, actions: ['logs', 'rerun'] })],
  });

  expect(actionsOf(node).map(({ label }) => label)).toEqual(['Cordon harbour-2', 'Describe']);
  expect(actionsOf(job).map(({ label }) => label)).toEqual(['Run import again', 'Logs', 'Describe']);
});

test('the pod is that of the first signal that explains; what another root carries explains least', () => {
  const other = { ...POD, name: 'web-other' };
  const folded = signal({ about: other, isFolded: true });

  expect(podOf(incident({ signals: [folded, signal()] }))?.pod.name).toBe('web-7d9f-abc');
  expect(podOf(incident({ signals: [folded] }))?.pod.name).toBe('web-other');
});
