import type { KubeObject } from './cluster.ts';

/** Whether a LabelSelector (`matchLabels`, `matchExpressions`) selects these labels; an empty selector selects everything. */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  if (selector === null || typeof selector !== 'object') return false;
  const { matchLabels = {}, matchExpressions = [] } = selector as {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
  };
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'In') return value !== undefined && values.includes(value);
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      return operator === 'Exists' ? value !== undefined : value === undefined;
    })
  );
}

/**
 * What fewer replicas mean for availability, one sentence each. A PodDisruptionBudget does not stop scaling, which is why it is said.
 * @param podLabels of the workload's template.
 */
export function availabilityNotes(
  replicas: number,
  before: number,
  budgets: readonly KubeObject[],
  podLabels: Readonly<Record<string, string>>,
): readonly string[] {
  const notes: string[] = [];
  if (replicas === 0 && before > 0) notes.push('No replica remains: whatever it serves stops.');
  if (replicas === 1 && before > 1) notes.push('One replica remains: any restart of it is an outage.');
  if (replicas >= before) return notes;
  for (const budget of budgets) {
    if (!selects(budget.spec?.selector, podLabels)) continue;
    const needed = neededHealthy(budget.spec?.minAvailable, replicas);
    if (needed !== undefined && replicas < needed)
      notes.push(
        `PodDisruptionBudget ${budget.metadata.name} wants ${needed} available; scaling is not held back by it.`,
      );
    else if (needed !== undefined && replicas === needed && replicas > 0)
      notes.push(
        `PodDisruptionBudget ${budget.metadata.name} will allow no eviction with ${replicas}: drains will wait.`,
      );
  }
  return notes;
}

/** `minAvailable` as pods; percentages round up, as the disruption controller does. */
function neededHealthy(minAvailable: unknown, replicas: number): number | undefined {
  if (typeof minAvailable === 'number') return minAvailable;
  const percent = typeof minAvailable === 'string' ? /^(\d+)%$/.exec(minAvailable) : null;
  return percent ? Math.ceil((Number(percent[1]) / 100) * replicas) : undefined;
}
