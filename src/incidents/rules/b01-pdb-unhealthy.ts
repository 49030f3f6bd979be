import {
  conditionOf,
  defineRule,
  isUnfinished,
  lasting,
  MINUTE,
  matches,
  plural,
  type SeenByKind,
  type Sight,
  someOf,
} from '../../sdk/rules.ts';

type Budget = SeenByKind['PodDisruptionBudget'];
type Pod = SeenByKind['Pod'];

export default defineRule({
  id: 'B01',
  title: 'disruption budget not met',
  summary: 'Fewer pods are healthy than a PodDisruptionBudget asks for.',
  kind: 'PodDisruptionBudget',
  domain: 'availability',
  settings: { hold: lasting(15 * MINUTE, 'how long too few are healthy') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E'],
  actions: ['describe'],
  source: 'KubePdbNotEnoughHealthyPods (kubernetes-mixin)',
  drill: { cause: '1 of 3 needed pods is healthy', severity: 'warning' },
  judge(budget, at) {
    const { currentHealthy, desiredHealthy, expectedPods } = budget.status;
    // A budget over nothing (its workload is scaled to zero) protects nothing.
    if (currentHealthy >= desiredHealthy || expectedPods === 0 || !isCurrent(budget)) return [];
    const ill = unhealthyPods(budget, at.sight);
    return [
      {
        holdMs: at.setting('hold'),
        severity: 'warning',
        cause:
          expectedPods < desiredHealthy
            ? `asks for ${desiredHealthy} healthy pods, but there are only ${expectedPods}`
            : `${currentHealthy} of ${desiredHealthy} needed pods ${currentHealthy === 1 ? 'is' : 'are'} healthy`,
        causeClass: 'disruption',
        facts: [
          { label: 'Healthy', value: `${currentHealthy} of ${plural(expectedPods, 'pod')}, ${desiredHealthy} needed` },
          ...(ill.length > 0
            ? [{ label: 'Not healthy', value: someOf(ill.map(({ metadata }) => metadata.name)) }]
            : []),
        ],
        about: ill[0] ? addressOf(ill[0]) : undefined,
      },
    ];
  },
});

/** Numbers of an older spec say nothing about this one. */
function isCurrent({ metadata, status }: Budget): boolean {
  return status.observedGeneration >= metadata.generation;
}

function unhealthyPods({ metadata, spec }: Budget, sight: Sight): readonly Pod[] {
  return [...sight.inNamespace('Pod', metadata.namespace)].filter(
    (pod) =>
      matches(spec.selector, pod.metadata.labels) && isUnfinished(pod) && conditionOf(pod, 'Ready')?.status !== 'True',
  );
}

function addressOf({ metadata: { namespace, name, uid } }: Pod) {
  return { apiVersion: 'v1', kind: 'Pod', namespace, name, uid };
}
