import { blindnessOf, defineRule, lasting, MINUTE, type SeenCondition, shortened, targetOf } from '../../sdk/rules.ts';

export default defineRule({
  id: 'H03',
  title: 'autoscaler blind',
  summary: 'A HorizontalPodAutoscaler cannot read its metrics or cannot scale its target.',
  kind: 'HorizontalPodAutoscaler',
  domain: 'scaling',
  settings: { hold: lasting(10 * MINUTE, 'how long it cannot work; metrics of new pods take a while') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E'],
  actions: ['describe'],
  drill: { cause: 'does not scale: no metrics returned from resource metrics API', severity: 'warning' },
  judge(hpa, at) {
    return blindnessOf(hpa).map((condition) => ({
      key: condition.type,
      since: condition.lastTransitionTime || undefined,
      holdMs: at.setting('hold'),
      severity: 'warning',
      cause: `does not scale: ${essenceOf(condition)}`,
      causeClass: 'capacity',
      facts: [
        { label: 'Condition', value: `${condition.type}=False (${condition.reason})` },
        { label: 'Scales', value: targetOf(hpa) },
        { label: 'Replicas', value: `${hpa.status.currentReplicas}` },
      ],
    }));
  },
});

/** The controller wraps the cause in what it was about to do; the end of the line is what went wrong. */
function essenceOf({ message, reason }: SeenCondition): string {
  const text = message.replace(/\s+/g, ' ').replace(/^the HPA (was unable to|controller was unable to) [^:]*: /, '');
  return text === '' ? reason : shortened(text);
}
