import {
  type Cluster,
  clusterFlag,
  defineRead,
  flag,
  type GetQuery,
  type Got,
  getObjects,
  getTables,
  layOut,
  listFlag,
  type Message,
  missingNamespace,
  namespaceFlag,
  objectName,
  oneOf,
  type Part,
  placeOf,
  printObjects,
  READABLE,
  type ServerTable,
  selectorFlag,
  targetsOf,
  text,
  toggle,
  typePrefix,
  UsageError,
  words,
} from '../../src/sdk/index.ts';

export default defineRead({
  name: 'k8s get',
  aliases: ['k8s list', 'k8s ls', 'k8s ps'],
  summary: 'List objects of any kind, as kubectl get does',
  examples: [
    '/k8s get pods -n shop',
    '/k8s get deploy,svc -A',
    '/k8s get deploy/web -o wide',
    '/k8s get pods -l app=web --sort-by=.metadata.creationTimestamp',
    '/k8s get nodes -L topology.kubernetes.io/zone',
  ],
  args: {
    what: words('TYPE[,TYPE] [NAME...]', 'What to list: pods, deploy/web, all, deployments.v1.apps'),
    namespace: namespaceFlag,
    cluster: clusterFlag,
    allNamespaces: toggle({ summary: 'In every namespace', short: 'A' }),
    selector: selectorFlag,
    fieldSelector: flag(text, {
      placeholder: 'SELECTOR',
      summary: 'Only objects with these fields: status.phase=Running',
    }),
    output: flag(oneOf('wide', 'name', 'yaml', 'json'), {
      placeholder: 'wide|name|yaml|json',
      summary: 'More columns, only names, or whole objects (secrets hidden)',
      short: 'o',
    }),
    labelColumns: listFlag({ placeholder: 'KEY', summary: 'Show a label as a column', short: 'L' }),
    showLabels: toggle({ summary: 'Show all labels' }),
    sortBy: flag(text, { placeholder: 'PATH', summary: 'Order by a field: .status.startTime' }),
    noHeaders: toggle({ summary: 'Leave the header line out' }),
    ignoreNotFound: toggle({ summary: 'A missing object is not a failure' }),
  },
  permission: 'k8s:get',
  rbac: READABLE,
  scope: ({ cluster, namespace, allNamespaces, what }) => ({
    cluster,
    namespace,
    allNamespaces,
    targets: what.length === 0 ? [] : targetsOf(what),
  }),
  async run(args, { clusters, clock, signal }) {
    if (args.what.length === 0) throw nothingAsked();
    const cluster = clusters.get(args.cluster);
    const namespace = args.allNamespaces ? undefined : (args.namespace ?? cluster.defaultNamespace);
    const query = {
      words: args.what,
      namespace,
      labelSelector: args.selector,
      fieldSelector: args.fieldSelector,
      sortBy: args.sortBy,
      ignoreNotFound: args.ignoreNotFound,
      now: clock(),
      signal,
    };
    if (args.output === 'yaml' || args.output === 'json') return whole(cluster, query, args.output);
    const got = await getTables(cluster, query);

    const where = placeOf(cluster, got.isClusterWide ? undefined : (namespace ?? 'all namespaces'));
    const rows = got.groups.reduce((sum, { content }) => sum + content.rows.length, 0);
    const notes = notesOf(got);
    if (rows === 0) return nothingFound(cluster, namespace, got, notes, signal);
    const filename = `get-${got.groups
      .map(({ resource }) => resource.plural)
      .join('-')
      .slice(0, 60)}-${stamp(cluster.name, namespace, clock())}.txt`;
    return {
      ...(got.failures.length > 0 ? { status: 'failed' as const } : {}),
      title: `${countText(got, rows)} ${got.isClusterWide ? '·' : 'in'} ${where}`,
      parts: [...(args.output === 'name' ? [namesPart(got, filename)] : tableParts(got, args, filename)), ...notes],
    };
  },
});

/** `-o yaml` and `-o json`: whole objects, with what must stay secret taken out before they are printed. */
async function whole(cluster: Cluster, query: GetQuery, format: 'yaml' | 'json'): Promise<Message> {
  if (query.sortBy !== undefined) throw new UsageError('error: --sort-by orders tables, not whole objects.');
  const got = await getObjects(cluster, query);
  const objects = got.groups.flatMap(({ content }) => content);
  const [only] = got.groups;
  const where = placeOf(cluster, got.isClusterWide ? undefined : (query.namespace ?? 'all namespaces'));
  if (objects.length === 0 || !only) return { title: `No resources found · ${where}`, parts: notesOf(got) };
  const isNamed = query.words.length > 1 || query.words.some((word) => word.includes('/'));
  const { text: printed, hidden } = printObjects(objects, format, objects.length > 1 || !isNamed);
  const name = objects.length === 1 ? `-${objects[0]?.metadata.name}` : '';
  return {
    ...(got.failures.length > 0 ? { status: 'failed' as const } : {}),
    title: `${objects.length === 1 ? objectName(only.resource, objects[0]?.metadata.name ?? '') : `${objects.length} objects`} · ${where}`,
    parts: [
      {
        kind: 'output',
        text: printed,
        filename: `get-${only.resource.plural}${name}-${stamp(cluster.name, query.namespace, query.now)}.${format}`,
      },
      ...(hidden > 0
        ? [{ kind: 'text' as const, spans: [`${hidden} secret ${hidden === 1 ? 'value is' : 'values are'} hidden.`] }]
        : []),
      ...notesOf(got),
    ],
  };
}

function nothingAsked(): UsageError {
  return new UsageError('You must specify the type of resource to get.', {
    hint: 'For example /k8s get pods, /k8s get deploy/web, /k8s get all -n shop, /k8s get nodes -o wide, /k8s get events -A',
  });
}

async function nothingFound(
  cluster: Cluster,
  namespace: string | undefined,
  got: Got<ServerTable>,
  notes: readonly Part[],
  signal: AbortSignal,
): Promise<Message> {
  // kubectl's sentences; a mistyped namespace is the usual reason and is worth a look.
  if (got.isClusterWide || namespace === undefined) return { title: 'No resources found', parts: notes };
  const missing = await missingNamespace(cluster, namespace, signal);
  return {
    title: `No resources found in ${namespace} namespace.`,
    parts: [...(missing === undefined ? [] : [{ kind: 'text' as const, spans: [missing] }]), ...notes],
  };
}

function countText(got: Got<ServerTable>, rows: number): string {
  const [only, ...more] = got.groups;
  if (!only || more.length > 0) return `${rows} objects`;
  return `${rows} ${rows === 1 ? only.resource.singular || only.resource.kind.toLowerCase() : only.resource.plural}`;
}

function tableParts(
  got: Got<ServerTable>,
  args: {
    allNamespaces: boolean;
    labelColumns: string[];
    showLabels: boolean;
    noHeaders: boolean;
    output?: string | undefined;
  },
  filename: string,
): Part[] {
  return got.groups.map(({ resource, content }) => {
    const { columns, rows } = layOut(content, {
      namespaces: args.allNamespaces && resource.namespaced,
      labelColumns: args.labelColumns,
      labels: args.showLabels,
      ...(got.isMixed ? { prefix: typePrefix(resource) } : {}),
    });
    return {
      kind: 'table',
      columns,
      rows,
      filename,
      view: { page: 0, wide: args.output === 'wide', headers: !args.noHeaders },
    };
  });
}

function namesPart(got: Got<ServerTable>, filename: string): Part {
  const lines = got.groups.flatMap(({ resource, content }) =>
    content.rows.map(({ object }) => objectName(resource, object.metadata.name ?? '')),
  );
  return { kind: 'output', text: lines.join('\n'), filename };
}

function notesOf(got: Pick<Got<unknown>, 'isRestarted' | 'failures'>): Part[] {
  const notes: Part[] = [];
  if (got.isRestarted)
    notes.push({
      kind: 'text',
      spans: ['The list was read again from the start: the server had dropped the first pages.'],
    });
  if (got.failures.length > 0)
    notes.push({
      kind: 'output',
      text: [...new Set(got.failures.map((failure) => failure.message))].join('\n'),
      filename: 'errors.txt',
    });
  return notes;
}

/** `demo-shop-20261120T0941Z`. */
function stamp(cluster: string, namespace: string | undefined, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]/g, '').slice(0, 13);
  return `${cluster}-${namespace ?? 'all'}-${time}Z`;
}
