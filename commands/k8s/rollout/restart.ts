import {
  blockingReasons,
  checkRestart,
  clusterFlag,
  defineChange,
  followWorkload,
  namespaceFlag,
  outcomeOf,
  planRestart,
  type RestartEffect,
  restartLook,
  singleOf,
  timeoutFlag,
  words,
  workloadName,
  writeRestart,
} from '../../../src/sdk/index.ts';

export default defineChange({
  name: 'k8s rollout restart',
  aliases: ['k8s restart'],
  summary: 'Replace the pods of a workload one after the other, and follow until they are ready',
  examples: ['/k8s rollout restart deploy/web -n shop', '/k8s rollout restart statefulset db -n shop --timeout 15m'],
  args: {
    what: words('TYPE/NAME', 'The workload'),
    namespace: namespaceFlag,
    cluster: clusterFlag,
    timeout: timeoutFlag,
  },
  permission: 'k8s:rollout',
  risk: 'low',
  rbac: [
    {
      group: 'apps',
      resources: ['deployments', 'daemonsets', 'statefulsets'],
      verbs: ['get', 'list', 'watch', 'patch'],
    },
    { group: '', resources: ['pods'], verbs: ['list'] },
  ],
  scope: ({ cluster, namespace, what }) => ({
    cluster,
    namespace,
    targets: what.length === 0 ? [] : [singleOf(what)],
  }),

  plan: (args, context) => planRestart(args, context),

  async verify({ data }, { clusters, signal }) {
    const verdict = await checkRestart(clusters.get(data.ref.cluster), data, signal);
    if (verdict.applied !== true) return verdict;
    return { applied: true, effect: { said: `${workloadName(data.ref)} restarted`, data: verdict.effect } };
  },

  async act({ data }, { clusters, clock, signal }) {
    const effect = await writeRestart(clusters.get(data.ref.cluster), data, { clock, signal });
    return { said: `${workloadName(data.ref)} restarted`, data: effect };
  },

  async follow({ data }, effect, { clusters, clock, signal, progress }) {
    const cluster = clusters.get(data.ref.cluster);
    const followed = await followWorkload({
      cluster,
      ref: data.ref,
      judge: (object) => restartLook(data, effect.data as RestartEffect, object),
      onWaiting: async (look, object) => {
        const reasons = await blockingReasons(cluster, object, signal);
        progress({ done: look.done, total: look.total, waiting: [look.text, ...reasons].join('; ') });
      },
      timeoutMs: data.timeoutMs,
      clock,
      signal,
    });
    return outcomeOf(cluster, data.ref, followed, signal);
  },
});
