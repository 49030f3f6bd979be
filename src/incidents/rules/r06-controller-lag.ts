import { counting, defineRule, type Judging, lasting, MINUTE } from '../../sdk/rules.ts';

type Judged = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'HorizontalPodAutoscaler';
const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'HorizontalPodAutoscaler'] as const;

/** Nobody acts on what people ask for: a controller is down, stuck, or far behind. */
export default defineRule<Judged>({
  id: 'R06',
  title: 'controller lag',
  summary: 'A change of the spec has not been seen by its controller: generation is ahead of observedGeneration.',
  kind: 'Deployment',
  alsoKinds: ['StatefulSet', 'DaemonSet', 'HorizontalPodAutoscaler'],
  domain: 'rollout',
  settings: {
    hold: lasting(5 * MINUTE, 'without the controller catching up'),
    many: counting(3, 'objects that lag, from which on it is the whole cluster’s trouble'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E', 'C'],
  actions: ['describe'],
  source: 'kubernetes-mixin KubeDeploymentGenerationMismatch, KubeStatefulSetGenerationMismatch',
  drill: { cause: 'the controller has not seen the newest spec: generation 4, observed 3', severity: 'high' },
  judge(object, at) {
    if (!isLagging(object)) return [];
    const { metadata, status } = object;
    const others = lagging(at, at.setting('many'));
    const isWide = others >= at.setting('many');
    return [
      {
        // A controller that is slow but works sees one generation after the other.
        since: at.memory.since('observed', status.observedGeneration),
        holdMs: at.setting('hold'),
        severity: 'high',
        cause: isWide
          ? `kube-controller-manager does not keep up: the newest specs of ${at.setting('many')} or more objects are not seen`
          : `the controller has not seen the newest spec: generation ${metadata.generation}, observed ${status.observedGeneration}`,
        causeClass: 'controller',
        facts: [{ label: 'Generation', value: `${metadata.generation}, observed ${status.observedGeneration}` }],
      },
    ];
  },
});

interface Observed {
  readonly kind: string;
  readonly metadata: { readonly generation: number };
  readonly status: { readonly observedGeneration: number };
}

function isLagging({ kind, metadata, status }: Observed): boolean {
  // Autoscalers of older servers count no generations, or never write what they observed.
  if (kind === 'HorizontalPodAutoscaler' && status.observedGeneration === 0) return false;
  return metadata.generation > status.observedGeneration;
}

/** How many objects lag; it stops to count at `enough`. */
function lagging({ sight }: Judging, enough: number): number {
  let count = 0;
  for (const kind of KINDS)
    for (const object of sight.all(kind)) {
      if (isLagging(object)) count += 1;
      if (count >= enough) return count;
    }
  return count;
}
