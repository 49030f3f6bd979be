import {
  blockingReasons,
  checkUndo,
  clusterFlag,
  defineChange,
  flag,
  followWorkload,
  namespaceFlag,
  outcomeOf,
  planUndo,
  singleOf,
  timeoutFlag,
  type UndoEffect,
  undoLook,
  wholeNumber,
  words,
  workloadName,
  writeUndo,
} from '../../../src/sdk/index.ts';

export default defineChange({
  name: 'k8s rollout undo',
  aliases: ['k8s rollback'],
  summary: 'Bring an earlier revision of a workload back, and follow until its pods are ready',
  examples: ['/k8s rollout undo deploy/web -n shop', '/k8s rollout undo statefulset db -n shop --to-revision=3'],
  args: {
    what: words('TYPE/NAME', 'The workload'),
    toRevision: flag(wholeNumber(0, 1_000_000_000), {
      placeholder: 'N',
      summary: 'Which revision (default: the one before the newest)',
    }),
    namespace: namespaceFlag,
    cluster: clusterFlag,
    timeout: timeoutFlag,
  },
  permission: 'k8s:rollout',
  risk: 'high',
  rbac: [
    {
      group: 'apps',
      resources: ['deployments', 'daemonsets', 'statefulsets'],
      verbs: ['get', 'list', 'watch', 'patch'],
    },
    { group: 'apps', resources: ['replicasets', 'controllerrevisions'], verbs: ['list'] },
    { group: '', resources: ['pods'], verbs: ['list'] },
  ],
  scope: ({ cluster, namespace, what }) => ({
    cluster,
    namespace,
    targets: what.length === 0 ? [] : [singleOf(what)],
  }),

  plan: (args, context) => planUndo(args, context),
  facts: ({ data: { images } }) => ({ images }),

  async verify({ data }, { clusters, signal }) {
    const verdict = await checkUndo(clusters.get(data.ref.cluster), data, signal);
    if (verdict.applied !== true) return verdict;
    return { applied: true, effect: { said: `${workloadName(data.ref)} rolled back`, data: verdict.effect } };
  },

  async act({ data }, { clusters, clock, signal }) {
    const effect = await writeUndo(clusters.get(data.ref.cluster), data, { clock, signal });
    return { said: `${workloadName(data.ref)} rolled back`, data: effect };
  },

  async follow({ data }, effect, { clusters, clock, signal, progress }) {
    const cluster = clusters.get(data.ref.cluster);
    const followed = await followWorkload({
      cluster,
      ref: data.ref,
      judge: (object) => undoLook(data, effect.data as UndoEffect, object),
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
