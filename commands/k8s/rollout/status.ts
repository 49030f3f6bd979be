import {
  blockingReasons,
  clusterFlag,
  defineRead,
  duration,
  flag,
  followWorkload,
  namespaceFlag,
  oneOf,
  pinnedResource,
  placeOf,
  readWorkload,
  resolveOne,
  rolloutVerdict,
  singleOf,
  UsageError,
  wholeNumber,
  words,
} from '../../../src/sdk/index.ts';

/** A read must answer soon; a rollout that takes longer is told as it stands. */
const DEFAULT_TIMEOUT_MS = 20_000;
const MAX_TIMEOUT_MS = 45_000;

export default defineRead({
  name: 'k8s rollout status',
  summary: 'How far the rollout of a Deployment, DaemonSet or StatefulSet is, and what holds it back',
  examples: ['/k8s rollout status deploy/web -n shop', '/k8s rollout status deploy/web --watch=false'],
  args: {
    what: words('TYPE/NAME', 'The workload'),
    namespace: namespaceFlag,
    cluster: clusterFlag,
    watch: flag(oneOf('true', 'false'), {
      placeholder: 'false',
      summary: 'Tell how it stands now, without waiting',
      short: 'w',
    }),
    timeout: flag(duration, {
      placeholder: 'DURATION',
      summary: 'How long to wait for it to finish (default 20s, at most 45s)',
    }),
    revision: flag(wholeNumber(1, 1_000_000_000), {
      placeholder: 'N',
      summary: 'Fail unless this revision is rolling out',
    }),
  },
  permission: 'k8s:get',
  rbac: [
    { group: 'apps', resources: ['deployments', 'daemonsets', 'statefulsets'], verbs: ['get', 'list', 'watch'] },
    { group: '', resources: ['pods'], verbs: ['list'] },
  ],
  scope: ({ cluster, namespace, what }) => ({
    cluster,
    namespace,
    targets: what.length === 0 ? [] : [singleOf(what)],
  }),
  async run(args, { clusters, clock, signal }) {
    if (args.what.length === 0)
      throw new UsageError('Which rollout?', { hint: 'For example /k8s rollout status deploy/web' });
    const { type, name } = singleOf(args.what);
    const cluster = clusters.get(args.cluster);
    const resource = await resolveOne(cluster, type);
    const namespace = resource.namespaced ? (args.namespace ?? cluster.defaultNamespace) : undefined;
    const object = await readWorkload(cluster, { resource, namespace, name }, signal);

    const followed = await followWorkload({
      cluster,
      ref: {
        cluster: cluster.name,
        resource: pinnedResource(resource),
        namespace,
        name,
        uid: object.metadata.uid ?? '',
      },
      judge: (seen) => rolloutVerdict(seen, args.revision),
      onWaiting: () => undefined,
      // The first look is always made; with --watch=false it is also the last.
      timeoutMs: args.watch === 'false' ? 1 : Math.min(args.timeout ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS),
      clock,
      signal,
    });

    const isWaiting = followed.state === 'timeout';
    const reasons = followed.state === 'done' ? [] : await blockingReasons(cluster, followed.object ?? object, signal);
    const where = placeOf(cluster, namespace);
    return {
      status: followed.state === 'done' ? 'succeeded' : isWaiting ? 'running' : 'failed',
      title: followed.state === 'gone' ? `error: ${followed.text}` : followed.text,
      parts: [
        ...(isWaiting && followed.total > 0
          ? [{ kind: 'progress' as const, done: followed.done, total: followed.total, label: where }]
          : [{ kind: 'text' as const, spans: [where] }]),
        ...(reasons.length > 0 ? [{ kind: 'list' as const, items: reasons }] : []),
        ...(isWaiting
          ? [{ kind: 'text' as const, spans: ['It is still under way; ask again to see how it goes on.'] }]
          : []),
      ],
    };
  },
});
