import { badContainer, type ContainerStatus, statusesOf } from '../bad-pods.ts';
import { blockedText, blockingPods } from '../blocking-pods.ts';
import type { KubeObject } from '../cluster.ts';
import { exitMeaning } from '../exit-meaning.ts';
import {
  ago,
  atMost,
  type Beside,
  conditionLines,
  cut,
  type Description,
  facts,
  ownerOf,
  quantities,
  section,
} from './description.ts';

/** Pure. */
export function describePod(pod: KubeObject, { now }: Beside): Description {
  const { spec = {}, status = {}, metadata } = pod;
  const statuses = statusesOf(pod);
  const main = statuses.filter(({ name }) => spec.containers?.some((one: Named) => one.name === name));
  const restarts = statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const terminating =
    metadata.deletionTimestamp && `Terminating, grace ended ${ago(metadata.deletionTimestamp, now)} ago`;
  return {
    fields: facts(
      ['Status', terminating || [status.phase, status.reason].filter(Boolean).join(', ')],
      ['Ready', `${main.filter(({ ready }) => ready).length}/${(spec.containers ?? []).length}`],
      ['Restarts', restarts],
      ['Age', ago(metadata.creationTimestamp, now)],
      ['Node', spec.nodeName ?? '<none>'],
      ['Controlled by', ownerOf(pod)],
      ['Pod IP', status.podIP],
      ['Priority', spec.priorityClassName],
      ['Claims', claimsOf(pod).join(', ')],
      ['Finalizers', (metadata.finalizers as string[] | undefined)?.join(', ')],
    ),
    sections: [
      ...section('Why', status.message ? [cut(status.message)] : []),
      ...section('Containers', containerLines(pod, now)),
      ...section('Conditions', conditionLines(pod, now)),
    ],
  };
}

interface Named {
  readonly name: string;
  readonly image?: string;
  readonly restartPolicy?: string;
  readonly resources?: { readonly requests?: Record<string, string>; readonly limits?: Record<string, string> };
}

function claimsOf({ spec = {} }: KubeObject): string[] {
  return (spec.volumes ?? []).flatMap((volume: { persistentVolumeClaim?: { claimName?: string } }) =>
    volume.persistentVolumeClaim?.claimName ? [volume.persistentVolumeClaim.claimName] : [],
  );
}

/** The one in trouble first; each with its state, how it ended before, and what it may use. */
function containerLines(pod: KubeObject, now: number): readonly string[] {
  const bad = badContainer(pod);
  const all: readonly (Named & { readonly mark: string })[] = [
    ...(pod.spec?.containers ?? []).map((one: Named) => ({ ...one, mark: '' })),
    ...(pod.spec?.initContainers ?? []).map((one: Named) => ({
      ...one,
      mark: one.restartPolicy === 'Always' ? ' (sidecar)' : ' (init)',
    })),
  ];
  const statuses = new Map(statusesOf(pod).map((status) => [status.name, status]));
  const lines = [...all]
    .sort((a, b) => Number(b.name === bad) - Number(a.name === bad))
    .map((one) => {
      const { name, mark, image = '', resources = {} } = one;
      const requests = quantities(resources.requests);
      const limits = quantities(resources.limits);
      return [
        `${name === bad ? '! ' : ''}${name}${mark}: ${stateText(statuses.get(name), now)}`,
        `image ${image}`,
        ...(requests === '' ? [] : [`requests ${requests}`]),
        limits === '' ? 'no limits' : `limits ${limits}`,
      ].join(' · ');
    });
  return atMost(lines, 8);
}

function stateText(status: ContainerStatus | undefined, now: number): string {
  if (!status) return 'not started';
  const { state = {}, lastState = {}, restartCount = 0, ready } = status;
  const restarts = restartCount === 0 ? '' : `, ${restartCount} restart${restartCount === 1 ? '' : 's'}`;
  const before = lastState.terminated ? `; before that ${endText(lastState.terminated, now)}` : '';
  if (state.waiting) {
    const { reason = 'waiting', message } = state.waiting;
    return `${reason}${message ? ` (${cut(message)})` : ''}${restarts}${before}`;
  }
  if (state.terminated) return `${endText(state.terminated, now)}${restarts}`;
  if (!state.running) return `waiting${restarts}`;
  return `${ready ? 'ready' : 'running, not ready'} for ${ago(state.running.startedAt, now)}${restarts}${restarts === '' ? '' : before}`;
}

function endText(end: NonNullable<NonNullable<ContainerStatus['state']>['terminated']>, now: number): string {
  const { exitCode, reason = '', signal, finishedAt } = end;
  return `ended ${ago(finishedAt, now)} ago with exit code ${exitCode}${reason ? ` (${reason})` : ''}: ${exitMeaning(exitCode, reason, signal)}`;
}

/** The pods of a workload: those in trouble with why, then how many are well. Pure. */
export function podLines(pods: readonly KubeObject[] | undefined): readonly string[] {
  if (pods === undefined || pods.length === 0) return [];
  const bad = blockingPods(pods, 6);
  const rest = pods.length - bad.length;
  if (rest === 0) return bad.map((one) => `! ${blockedText(one)}`);
  const restarts = pods.flatMap(statusesOf).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const count = rest === 1 ? '1 pod' : `${rest} pods`;
  const said = bad.length > 0 ? `${count} more` : `${count}, none in trouble`;
  // One that crashes again and again runs in between.
  return [
    ...bad.map((one) => `! ${blockedText(one)}`),
    restarts > 0 ? `${said} now; ${restarts} restarts in all` : said,
  ];
}
