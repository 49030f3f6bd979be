import { defineRule, MINUTE, SECOND } from '../../../src/incidents/rule.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { type PodOptions, pod, waiting } from '../../support/kube-objects.ts';

const COMMON = {
  summary: 'A rule for tests of the engine.',
  settings: {},
  resolveAfterMs: 2 * MINUTE,
  evidence: [],
  actions: [],
  drill: { cause: 'a drill', severity: 'warning' },
} as const;

/** A pod whose image cannot be pulled. */
export function unpulled(name: string, options: PodOptions = {}): KubeObject {
  return pod(name, { phase: 'Pending', containers: [{ state: waiting('ImagePullBackOff', 'not found') }], ...options });
}

/** A waiting container, held for 2 min since it was first seen: the API does not say since when. */
export const waitingRule = defineRule({
  ...COMMON,
  id: 'P03',
  title: 'image',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: { kind: 'duration', ms: 2 * MINUTE, meaning: 'how long it waits' },
    atMost: { kind: 'number', value: 5, meaning: 'restarts' },
  },
  judge: (pod, at) =>
    pod.status.containerStatuses.flatMap(({ name, state, restartCount }) =>
      state.waiting?.reason === 'ImagePullBackOff' && restartCount <= at.setting('atMost')
        ? [
            {
              key: name,
              container: name,
              holdMs: at.setting('hold'),
              severity: 'warning',
              cause: `image cannot be pulled: ${state.waiting.message}`,
              causeClass: 'image',
            },
          ]
        : [],
    ),
});

/** Not ready since the condition's own time, held for a minute. */
export const notReadyRule = defineRule({
  ...COMMON,
  id: 'P08',
  title: 'not ready',
  kind: 'Pod',
  domain: 'availability',
  judge: (pod) => {
    const ready = pod.status.conditions.find(({ type }) => type === 'Ready');
    if (ready?.status !== 'False' || pod.status.phase !== 'Running') return [];
    return [
      { since: ready.lastTransitionTime, holdMs: MINUTE, severity: 'warning', cause: 'not ready', causeClass: 'probe' },
    ];
  },
});

/** Three restarts within ten minutes. */
export const restartsRule = defineRule({
  ...COMMON,
  id: 'P01',
  title: 'crash loop',
  kind: 'Pod',
  domain: 'availability',
  judge: (pod, at) =>
    pod.status.containerStatuses.flatMap(({ name, restartCount }) => {
      const rise = at.memory.rise(`restarts:${name}`, restartCount, 10 * MINUTE);
      return rise >= 3
        ? [{ key: name, container: name, holdMs: 0, severity: 'warning', cause: 'crashes', causeClass: 'crash' }]
        : [];
    }),
});

/** Fewer available than wished, for 5 min. */
export const belowRule = defineRule({
  ...COMMON,
  id: 'R04',
  title: 'below minimum',
  kind: 'Deployment',
  domain: 'availability',
  judge: ({ spec, status }) =>
    status.availableReplicas < spec.replicas
      ? [{ holdMs: 5 * MINUTE, severity: 'high', cause: 'below minimum', causeClass: 'unknown' }]
      : [],
});

/** Counters that have not moved for a minute while they should. */
export const stalledRule = defineRule({
  ...COMMON,
  id: 'S01',
  title: 'stalled',
  kind: 'StatefulSet',
  domain: 'rollout',
  judge: ({ spec, status }, at) => {
    if (status.updatedReplicas >= spec.replicas) return [];
    const since = at.memory.since('counters', `${status.updatedReplicas}/${status.readyReplicas}`);
    return [{ since, holdMs: MINUTE, severity: 'high', cause: 'stalled', causeClass: 'unknown' }];
  },
});

/** Only what is being deleted: 30 s past its grace. */
export const terminatingRule = defineRule({
  ...COMMON,
  id: 'P14',
  title: 'stuck terminating',
  kind: 'Pod',
  domain: 'availability',
  judgesTerminating: true,
  judge: ({ metadata: { deletionTimestamp } }) =>
    deletionTimestamp === undefined
      ? []
      : [
          {
            since: deletionTimestamp,
            holdMs: 30 * SECOND,
            lookAgainAt: deletionTimestamp,
            severity: 'warning',
            cause: 'stuck terminating',
            causeClass: 'terminating',
          },
        ],
});

export const allSamples = [waitingRule, notReadyRule, restartsRule, belowRule, stalledRule, terminatingRule];
