import type { Cluster } from '../kubernetes/cluster.ts';
import type { Followed } from '../kubernetes/rollout-follow.ts';
import { blockingReasons, type WorkloadRef, workloadName } from '../kubernetes/workload.ts';
import type { Outcome } from '../pipeline/definition.ts';

/** How a followed change ended, told to people; where it failed, with the pods that hold it back. */
export async function outcomeOf(
  cluster: Cluster,
  ref: WorkloadRef,
  followed: Followed,
  signal: AbortSignal,
): Promise<Outcome> {
  const name = workloadName(ref);
  if (followed.state === 'done') return { status: 'succeeded', title: followed.text };
  if (followed.state === 'superseded')
    return {
      status: 'unknown',
      title: `Superseded: ${followed.text}`,
      message: note('Somebody or something changed it again; what it is now is not this command’s doing.'),
    };
  if (followed.state === 'gone')
    return {
      status: 'failed',
      title: `${name}: ${followed.text}`,
      message: note('It went away while Shipmate followed its rollout.'),
    };

  const reasons = followed.object ? await blockingReasons(cluster, followed.object, signal) : [];
  const title =
    followed.state === 'timeout' ? `error: timed out waiting for ${name}: ${lowerFirst(followed.text)}` : followed.text;
  return {
    status: 'failed',
    title,
    message: {
      parts: [
        ...(reasons.length > 0 ? [{ kind: 'list' as const, items: reasons }] : []),
        { kind: 'text', spans: ['The change itself was made and stays; only getting ready did not end well.'] },
      ],
    },
  };
}

function note(text: string): NonNullable<Outcome['message']> {
  return { parts: [{ kind: 'text', spans: [text] }] };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
