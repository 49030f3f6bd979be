import { humanDuration } from '../../time.ts';
import { someOf } from '../reading/moments.ts';
import { deadlineAt, deploymentProgress, isInRollout } from '../reading/progress.ts';
import {
  type Counters,
  conditionNamed,
  countersOf,
  isReady,
  NO_DEADLINE,
  podsByAge,
  type Rolling,
  revisionsOf,
} from '../reading/rollouts.ts';
import type { CauseClass, Finding, Shared } from '../rule.ts';
import type { SeenTemplate } from '../seen/workloads.ts';
import type { ObjectRef, Sight } from '../sight.ts';
import { type ImageChange, imageChanges, templateChanges } from './changes.ts';
import { type Suspect, suspects } from './suspects.ts';

/** Why a rollout does not get on, and what to know before one decides: all from the cache, nothing is asked. */
export interface StallVerdict {
  /** `new image "shop/web:9" cannot be pulled: not found (docker.io)`: the first match of the cause tree. */
  readonly headline: string;
  readonly causeClass: CauseClass;
  /** For a phone: the headline, who still serves, when the controller gives up. */
  readonly cause: string;
  /** The other suspects, the likelier first. */
  readonly others: readonly string[];
  readonly counters: Counters;
  /** Since when no counter has moved, epoch ms, and whole minutes of it; undefined where nobody knows. */
  readonly stalledSince?: number | undefined;
  readonly minutesStalled?: number | undefined;
  /** When the controller gives up, epoch ms, and how many seconds that is from now (negative: it has); undefined: never. */
  readonly deadlineAt?: number | undefined;
  readonly secondsLeft?: number | undefined;
  readonly images: readonly ImageChange[];
  readonly changed: readonly string[];
  readonly firstBadPod?:
    | {
        readonly ref: ObjectRef;
        readonly node: string | undefined;
        readonly container: string | undefined;
        readonly what: string;
      }
    | undefined;
  /** `no`: somebody must act; `unlikely`: it has failed again and again; `perhaps`: it may only need time. */
  readonly finishes: 'no' | 'unlikely' | 'perhaps';
  /** Pods of older templates that serve, and pods of the newest that do. */
  readonly serving: { readonly old: number; readonly new: number };
  /** The annotation `kubernetes.io/change-cause`: what the author said. */
  readonly changeCause?: string | undefined;
  readonly shares: Shared;
  /** Where each suspect is seen: nodes × cause. */
  readonly where: readonly { readonly what: string; readonly nodes: readonly string[] }[];
}

/**
 * The verdict about a workload whose rollout is under way, stuck or doomed (it may be asked about any; a finished one has no suspects
 * worth telling). Pure.
 * @param now epoch ms. @param stalledSince for kinds without a progress condition: since when their counters stand still.
 */
export function stallVerdict(workload: Rolling, sight: Sight, now: number, stalledSince?: number): StallVerdict {
  const all = suspects(workload, sight, now);
  const first = all[0] as Suspect;
  const isRolling = isInRollout(workload, sight, now);
  const headline = headlineOf(workload, first, isRolling);
  const counters = countersOf(workload);
  const serving = servingOf(workload, sight, counters);
  const previous = previousTemplate(workload, sight);
  const since = stalledSince ?? lastProgress(workload);
  const giveUp = workload.kind === 'Deployment' ? deadlineAt(workload) : undefined;
  const finishes = first.recovers;
  return {
    headline,
    causeClass: first.causeClass,
    cause: [headline, servingText(counters, serving), deadlineText(workload, sight, now)].filter(Boolean).join('; '),
    others: all.slice(1).map((one) => headlineOf(workload, one, isRolling)),
    counters,
    stalledSince: since,
    minutesStalled: since === undefined ? undefined : Math.max(0, Math.floor((now - since) / 60_000)),
    deadlineAt: giveUp,
    secondsLeft: giveUp === undefined ? undefined : Math.round((giveUp - now) / 1_000),
    images: previous ? imageChanges(previous, workload.spec.template) : [],
    changed: templateChanges(previous, workload.spec.template),
    firstBadPod: badPod(first),
    finishes,
    serving,
    changeCause: workload.metadata.annotations['kubernetes.io/change-cause'],
    shares: first.shares,
    where: all.filter(({ pods }) => pods.length > 0).map(({ what, pods }) => ({ what, nodes: nodesOf(pods) })),
  };
}

function headlineOf(workload: Rolling, suspect: Suspect, isRolling: boolean): string {
  const { what, causeClass, pod, isOfNewest } = suspect;
  if (workload.kind === 'StatefulSet' && pod) return `${pod.metadata.name}: ${what}`;
  if (!isOfNewest || !isRolling) return what;
  return causeClass === 'image' ? `new ${what}` : `new pods: ${what}`;
}

function badPod({ pod, container, what }: Suspect): StallVerdict['firstBadPod'] {
  if (!pod) return undefined;
  const { namespace, name, uid } = pod.metadata;
  return { ref: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid }, node: pod.spec.nodeName, container, what };
}

function nodesOf(pods: Suspect['pods']): readonly string[] {
  return [...new Set(pods.map(({ spec }) => spec.nodeName ?? 'no node'))];
}

function servingOf(workload: Rolling, sight: Sight, { available, updated }: Counters): StallVerdict['serving'] {
  if (workload.kind === 'Deployment' || workload.kind === 'Rollout') {
    const [newest, ...older] = revisionsOf(workload, sight);
    const fresh = newest ? newest.status.availableReplicas : Math.min(updated, available);
    const old = older.reduce((sum, { status }) => sum + status.availableReplicas, 0);
    return { old: newest ? old : available - fresh, new: fresh };
  }
  const { newest, older } = podsByAge(workload, sight);
  const fresh = newest.filter(isReady).length;
  return { old: older.filter(isReady).length, new: fresh };
}

function servingText({ desired, available }: Counters, serving: StallVerdict['serving']): string {
  if (desired === 0) return '';
  if (available === 0) return 'nothing serves';
  if (serving.new === 0 && serving.old > 0) return `${serving.old} of ${desired} old pods still serve`;
  return `${available} of ${desired} pods serve`;
}

/** Absolute: a countdown would be another cause every second, and every change of a cause is an edit of the message. */
function deadlineText(workload: Rolling, sight: Sight, now: number): string {
  if (workload.kind !== 'Deployment') return '';
  const { progressDeadlineSeconds } = workload.spec;
  if (progressDeadlineSeconds === NO_DEADLINE) return 'it never gives up: no progress deadline';
  const progress = deploymentProgress(workload, sight, now);
  if (progress === 'stalled') return `gave up after ${humanDuration(progressDeadlineSeconds * 1_000)}`;
  const at = progress === 'rolling' ? deadlineAt(workload) : undefined;
  return at === undefined ? '' : `gives up at ${new Date(at).toISOString().slice(11, 16)} UTC`;
}

function previousTemplate(workload: Rolling, sight: Sight): SeenTemplate | undefined {
  if (workload.kind === 'Deployment' || workload.kind === 'Rollout')
    return revisionsOf(workload, sight)[1]?.spec.template;
  // Their older templates stand in ControllerRevisions, which are not watched; an older pod has the containers of its own.
  const pod = podsByAge(workload, sight).older[0];
  if (!pod) return undefined;
  const now = workload.spec.template;
  const { containers, initContainers } = pod.spec;
  const known = new Set([...now.containers, ...now.initContainers].map(({ name }) => name));
  // Admission adds containers to pods that no template has.
  const isOurs = ({ name }: { readonly name: string }): boolean => known.has(name);
  return {
    digest: '',
    labels: {},
    containers: containers.filter(isOurs),
    initContainers: initContainers.filter(isOurs),
  };
}

/** When the controller last saw something move. */
function lastProgress(workload: Rolling): number | undefined {
  if (workload.kind !== 'Deployment') return undefined;
  const progressing = conditionNamed(workload.status.conditions, 'Progressing');
  if (!progressing) return undefined;
  // At the deadline the condition is written anew: what moved last lies that much earlier.
  const isOver = progressing.status === 'False' && progressing.lastTransitionTime > 0;
  if (isOver) return progressing.lastTransitionTime - workload.spec.progressDeadlineSeconds * 1_000;
  return progressing.lastUpdateTime ?? (progressing.lastTransitionTime || undefined);
}

const FINISHES = { no: 'no', unlikely: 'hardly', perhaps: '' } as const;

/** What a rule says of a verdict; its hold, severity and start are its own. */
export function verdictFinding(
  verdict: StallVerdict,
): Pick<Finding, 'cause' | 'causeClass' | 'facts' | 'shares' | 'about' | 'container'> {
  const { counters, firstBadPod, images, changed, others, where } = verdict;
  const fact = (label: string, value: string): { label: string; value: string }[] => (value ? [{ label, value }] : []);
  return {
    cause: verdict.cause,
    causeClass: verdict.causeClass,
    shares: verdict.shares,
    about: firstBadPod?.ref,
    container: firstBadPod?.container,
    facts: [
      ...fact(
        'Pods',
        `${counters.desired} desired, ${counters.updated} updated, ${counters.ready} ready, ${counters.available} available`,
      ),
      ...fact('Image', images.map(({ before, after }) => (before ? `${before} → ${after}` : after)).join(', ')),
      ...fact('Changed', someOf(changed, 4)),
      ...fact('First bad pod', firstBadPod ? badPodText(firstBadPod) : ''),
      ...fact('Nodes', where.length > 1 ? where.map(({ what, nodes }) => `${someOf(nodes)}: ${what}`).join('; ') : ''),
      ...fact('Finishes by itself', FINISHES[verdict.finishes]),
      ...fact('Also', someOf(others, 2)),
      ...fact('Change cause', verdict.changeCause ?? ''),
    ],
  };
}

function badPodText({ ref, node, container }: NonNullable<StallVerdict['firstBadPod']>): string {
  return [ref.name, node ? `on ${node}` : 'on no node yet', ...(container ? [`(container ${container})`] : [])].join(
    ' ',
  );
}
