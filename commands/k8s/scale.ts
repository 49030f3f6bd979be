import {
  checkScale,
  clusterFlag,
  defineChange,
  flag,
  followScale,
  namespaceFlag,
  outcomeOf,
  planScale,
  type ScaleEffect,
  scaleWords,
  timeoutFlag,
  wholeNumber,
  words,
  workloadName,
  writeScale,
} from '../../src/sdk/index.ts';

export default defineChange({
  name: 'k8s scale',
  summary: 'Set how many replicas a workload has, and follow it until they are ready',
  examples: [
    '/k8s scale deploy/web 5 -n shop',
    '/k8s scale deploy/web --replicas=5',
    '/k8s scale statefulset db --replicas=3 --current-replicas=2',
  ],
  args: {
    what: words('TYPE/NAME [N]', 'The workload, and how many replicas'),
    replicas: flag(wholeNumber(0, 100_000), { placeholder: 'N', summary: 'How many replicas' }),
    currentReplicas: flag(wholeNumber(0, 100_000), { placeholder: 'N', summary: 'Only if it has this many now' }),
    namespace: namespaceFlag,
    cluster: clusterFlag,
    timeout: timeoutFlag,
  },
  permission: 'k8s:scale',
  risk: 'low',
  rbac: [
    { group: 'apps', resources: ['deployments', 'statefulsets', 'replicasets'], verbs: ['get', 'list', 'watch'] },
    {
      group: 'apps',
      resources: ['deployments/scale', 'statefulsets/scale', 'replicasets/scale'],
      verbs: ['get', 'update'],
    },
    { group: '', resources: ['pods'], verbs: ['list'] },
    { group: 'autoscaling', resources: ['horizontalpodautoscalers'], verbs: ['list'] },
    { group: 'policy', resources: ['poddisruptionbudgets'], verbs: ['list'] },
    { group: 'keda.sh', resources: ['scaledobjects'], verbs: ['list'] },
  ],
  scope: ({ cluster, namespace, what, replicas }) => {
    const { type, name } = scaleWords(what, replicas);
    const types = type === undefined ? ['deployments.apps', 'statefulsets.apps'] : [type];
    return { cluster, namespace, targets: types.map((one) => ({ type: one, name })) };
  },

  plan: async (args, context) => planScale({ ...args, ...scaleWords(args.what, args.replicas) }, context),
  facts: ({ data: { from, to } }) => ({ replicas: { from, to } }),

  async verify({ data }, { clusters, signal }) {
    const verdict = await checkScale(clusters.get(data.ref.cluster), data, signal);
    if (verdict.applied !== true) return verdict;
    return { applied: true, effect: { said: `${workloadName(data.ref)} scaled`, data: verdict.effect } };
  },

  async act({ data }, { clusters, clock, signal }) {
    const effect = await writeScale(clusters.get(data.ref.cluster), data, { clock, signal });
    return { said: `${workloadName(data.ref)} scaled`, data: effect };
  },

  async follow({ data }, effect, { clusters, clock, signal, progress }) {
    const cluster = clusters.get(data.ref.cluster);
    const followed = await followScale(cluster, data, effect.data as ScaleEffect, {
      clock,
      signal,
      progress,
      timeoutMs: data.timeoutMs,
    });
    return outcomeOf(cluster, data.ref, followed, signal);
  },
});
