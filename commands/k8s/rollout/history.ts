import {
  clusterFlag,
  currentRevision,
  defineRead,
  flag,
  imagesOf,
  NotFoundError,
  namespaceFlag,
  type Part,
  placeOf,
  type Revision,
  readHistory,
  singleOf,
  templateDiff,
  wholeNumber,
  words,
  workloadName,
} from '../../../src/sdk/index.ts';

export default defineRead({
  name: 'k8s rollout history',
  summary: 'The revisions of a workload: which images, why, and what one of them changed',
  examples: ['/k8s rollout history deploy/web -n shop', '/k8s rollout history deploy/web --revision=3'],
  args: {
    what: words('TYPE/NAME', 'The workload'),
    revision: flag(wholeNumber(1, 1_000_000_000), {
      placeholder: 'N',
      summary: 'What this revision changed against the one before',
    }),
    namespace: namespaceFlag,
    cluster: clusterFlag,
  },
  permission: 'k8s:get',
  rbac: [
    { group: 'apps', resources: ['deployments', 'daemonsets', 'statefulsets'], verbs: ['get'] },
    { group: 'apps', resources: ['replicasets', 'controllerrevisions'], verbs: ['list'] },
  ],
  scope: ({ cluster, namespace, what }) => ({
    cluster,
    namespace,
    targets: what.length === 0 ? [] : [singleOf(what)],
  }),
  async run(args, context) {
    const { cluster, object, ref, revisions } = await readHistory(args, context, 'Whose history?', 'history');
    const where = `${workloadName(ref)} · ${placeOf(cluster, ref.namespace)}`;
    if (revisions.length === 0) return { title: `No rollout history found. ${where}` };
    if (args.revision !== undefined)
      return { title: `Revision ${args.revision} of ${where}`, parts: [one(revisions, args.revision)] };
    const now = currentRevision(object, revisions);
    return {
      title: where,
      parts: [
        {
          kind: 'table',
          columns: ['REVISION', 'CHANGE-CAUSE', 'IMAGES', 'CREATED'].map((name, index) => ({
            name,
            priority: index < 3 ? 0 : 1,
          })),
          rows: revisions.map((revision) => rowOf(revision, revision === now)),
          filename: `history-${ref.name}.txt`,
          view: { page: 0, wide: false },
        },
        ...(now === undefined || now === revisions.at(-1)
          ? []
          : [{ kind: 'text' as const, spans: [`Revision ${now.number} is wished for now.`] }]),
      ],
    };
  },
});

function rowOf({ number, cause, template, keeper }: Revision, isNow: boolean): string[] {
  return [
    isNow ? `${number} (now)` : String(number),
    cause ?? '<none>',
    imagesOf(template).join(', '),
    keeper.metadata.creationTimestamp ?? '',
  ];
}

/** Against the one before, which tells more than a whole template; secrets hidden. */
function one(revisions: readonly Revision[], wanted: number): Part {
  const at = revisions.findIndex(({ number }) => number === wanted);
  const revision = revisions[at];
  if (!revision)
    throw new NotFoundError('error: unable to find the specified revision', {
      hint: `There are ${revisions.map(({ number }) => number).join(', ')}.`,
    });
  const before = revisions[at - 1];
  const fields = templateDiff(before?.template ?? {}, revision.template);
  if (fields.length === 0) return { kind: 'text', spans: ['Its template is that of the revision before.'] };
  return {
    kind: 'diff',
    entries: fields.map(({ path, before: from, after }) => ({ label: path, before: from, after })),
  };
}
