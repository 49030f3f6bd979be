import { quote } from '../chat/text/quote.ts';
import type { Incident } from './incident.ts';
import type { ActionWord, Domain } from './rule.ts';
import type { ObjectRef } from './sight.ts';
import type { Signal } from './signal.ts';

/** What a button offers: a command line that goes through the pipeline and its gates, as if the person had typed it. */
export interface Offer {
  readonly action: ActionWord;
  /** For the button: `Roll back web`. */
  readonly label: string;
  /** Without the slash: `k8s rollout undo deployment/web -n shop --cluster demo`. */
  readonly line: string;
}

/**
 * The command line behind an action word, complete and quoted; undefined where it makes no sense for this root (a node has no rollout).
 * Pure. Every line parses as the command that it names; `test/incidents/actions.test.ts` holds the two together.
 */
export function lineFor(action: ActionWord, incident: Incident): string | undefined {
  if (incident.kind !== 'root' || incident.cluster === '') return undefined;
  const words = WORDS[action](incident);
  return words && `k8s ${quote([...words, '--cluster', incident.cluster])}`;
}

/**
 * The offers for an incident in the order of their buttons: what its rules name, first what mends (a stalled rollout is rolled back), and
 * `describe` in any case. None once it is resolved.
 */
export function actionsOf(incident: Incident): readonly Offer[] {
  if (incident.status === 'resolved') return [];
  const named = new Set([...incident.signals.flatMap((signal) => signal.actions), 'describe' as const]);
  return ORDER[incident.domain]
    .filter((action) => named.has(action))
    .flatMap((action) => {
      const line = lineFor(action, incident);
      return line === undefined ? [] : [{ action, line, label: labelFor(action, incident) }];
    });
}

/** The incident keeps its signals in the order of causes; those that another root carries explain least. */
export function byCause(signals: readonly Signal[]): readonly Signal[] {
  return [...signals.filter(({ isFolded }) => !isFolded), ...signals.filter(({ isFolded }) => isFolded)];
}

/** The pod that an incident is about, and its container: of the first signal that names one. */
export function podOf(
  incident: Incident,
): { readonly pod: ObjectRef; readonly container: string | undefined } | undefined {
  const signal = byCause(incident.signals).find(({ about }) => about.kind === 'Pod');
  if (signal) return { pod: signal.about, container: signal.container };
  return incident.root.kind === 'Pod' ? { pod: incident.root, container: undefined } : undefined;
}

type Words = readonly string[] | undefined;

const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'];
/** Causes where the run before the last restart says more than the one that is starting now. */
const ENDED: readonly string[] = ['crash', 'oom', 'probe'];

const WORDS: Readonly<Record<ActionWord, (incident: Incident) => Words>> = {
  logs: (incident) => {
    const found = podOf(incident);
    if (!found)
      return isAppsKind(incident.root, [...ROLLED_OUT, 'Job']) ? ['logs', ...placed(incident.root)] : undefined;
    const { pod, container } = found;
    const [headline] = byCause(incident.signals);
    return [
      ...['logs', pod.name, '-n', pod.namespace],
      ...(container === undefined ? [] : ['-c', container]),
      ...(headline && ENDED.includes(headline.causeClass) ? ['--previous'] : []),
    ];
  },
  describe: (incident) => {
    const ref = podOf(incident)?.pod ?? incident.root;
    return ref.kind === 'Shipmate' ? undefined : ['describe', ...placed(ref)];
  },
  rollback: ({ root }) => (isAppsKind(root, ROLLED_OUT) ? ['rollout', 'undo', ...placed(root)] : undefined),
  pause: ({ root }) => (isAppsKind(root, ['Deployment']) ? ['rollout', 'pause', ...placed(root)] : undefined),
  resume: ({ root }) => (isAppsKind(root, ['Deployment']) ? ['rollout', 'resume', ...placed(root)] : undefined),
  restart: ({ root }) => (isAppsKind(root, ROLLED_OUT) ? ['rollout', 'restart', ...placed(root)] : undefined),
  scale: (incident) => {
    const { root, impact } = incident;
    const [headline] = byCause(incident.signals);
    // The only number that the facts give: as many as there is room for.
    const isTight = headline?.causeClass === 'unschedulable' || headline?.causeClass === 'capacity';
    if (!isTight || !impact || impact.available < 1 || impact.available >= impact.desired) return undefined;
    return isAppsKind(root, ['Deployment', 'StatefulSet'])
      ? ['scale', nameOf(root), String(impact.available), '-n', root.namespace]
      : undefined;
  },
  'delete-pod': (incident) => {
    const pod = podOf(incident)?.pod;
    return pod && ['delete', 'pod', pod.name, '-n', pod.namespace];
  },
  cordon: (incident) => onNode('cordon', incident),
  uncordon: (incident) => onNode('uncordon', incident),
  rerun: (incident) => {
    const { root } = incident;
    if (root.kind === 'CronJob') return ['create', 'job', `--from=cronjob/${root.name}`, '-n', root.namespace];
    return root.kind === 'Job' ? ['rerun', ...placed(root)] : undefined;
  },
};

function onNode(verb: string, incident: Incident): Words {
  if (incident.root.kind === 'Node') return [verb, incident.root.name];
  const shared = byCause(incident.signals).find(({ shares }) => shares.node !== undefined)?.shares.node;
  return shared === undefined ? undefined : [verb, shared];
}

/** Only the API's own kinds: an Argo Rollout, or somebody's own Deployment, has other ways. */
function isAppsKind(ref: ObjectRef, kinds: readonly string[]): boolean {
  return kinds.includes(ref.kind) && /^(apps|batch)\//.test(ref.apiVersion);
}

function placed(ref: ObjectRef): readonly string[] {
  return ref.namespace === '' ? [nameOf(ref)] : [nameOf(ref), '-n', ref.namespace];
}

/** `deployment/web`; with its group where the kind is not Kubernetes' own: `rollout.argoproj.io/web`. */
function nameOf({ apiVersion, kind, name }: ObjectRef): string {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : '';
  const type = group.includes('.') && !group.endsWith('.k8s.io') ? `${kind}.${group}` : kind;
  return `${type.toLowerCase()}/${name}`;
}

const LABELS: Readonly<Record<ActionWord, string>> = {
  logs: 'Logs',
  describe: 'Describe',
  rollback: 'Roll back',
  pause: 'Pause',
  resume: 'Resume',
  restart: 'Restart',
  scale: 'Scale',
  'delete-pod': 'Delete pod',
  cordon: 'Cordon',
  uncordon: 'Uncordon',
  rerun: 'Run',
};

function labelFor(action: ActionWord, incident: Incident): string {
  const isLook = action === 'logs' || action === 'describe';
  if (isLook) return LABELS[action];
  if (action === 'scale') return `Scale to ${incident.impact?.available}`;
  if (action === 'cordon' || action === 'uncordon')
    return `${LABELS[action]} ${short(onNode(action, incident)?.[1] ?? '')}`;
  if (action === 'delete-pod') return `Delete ${short(podOf(incident)?.pod.name ?? '')}`;
  if (action === 'rerun') return `Run ${short(incident.root.name)} again`;
  return `${LABELS[action]} ${short(incident.root.name)}`;
}

/** Slack cuts a button's label at 75 characters, and a phone much earlier. */
function short(name: string): string {
  return name.length > 30 ? `${name.slice(0, 14)}…${name.slice(-15)}` : name;
}

const USUAL: readonly ActionWord[] = [
  ...(['logs', 'rollback', 'restart', 'describe', 'delete-pod', 'rerun', 'scale', 'pause', 'resume'] as const),
  ...(['uncordon', 'cordon'] as const),
];

const ORDER: Readonly<Record<Domain, readonly ActionWord[]>> = {
  rollout: [
    ...(['rollback', 'logs', 'describe', 'pause', 'restart', 'delete-pod', 'scale', 'resume', 'rerun'] as const),
    ...(['uncordon', 'cordon'] as const),
  ],
  job: ['rerun', ...USUAL.filter((action) => action !== 'rerun')],
  node: [
    'cordon',
    'uncordon',
    'describe',
    ...USUAL.filter((action) => !['cordon', 'uncordon', 'describe'].includes(action)),
  ],
  'node-update': ['uncordon', 'describe', ...USUAL.filter((action) => !['uncordon', 'describe'].includes(action))],
  availability: USUAL,
  storage: ['describe', ...USUAL.filter((action) => action !== 'describe')],
  scaling: ['scale', 'describe', ...USUAL.filter((action) => !['scale', 'describe'].includes(action))],
  shipmate: USUAL,
  external: USUAL,
};
