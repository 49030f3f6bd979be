import type { SeenSelector } from '../seen/object.ts';

type Expression = NonNullable<SeenSelector['matchExpressions']>[number];

/** Kubernetes' LabelSelector: an empty one matches everything, a missing one nothing; an unknown operator matches nothing. */
export function matches(selector: SeenSelector | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (!selector) return false;
  const hasLabels = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    hasLabels && (selector.matchExpressions ?? []).every((expression) => satisfies(expression, labels[expression.key]))
  );
}

function satisfies({ operator, values = [] }: Expression, value: string | undefined): boolean {
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  if (operator === 'In') return value !== undefined && values.includes(value);
  return operator === 'NotIn' && (value === undefined || !values.includes(value));
}
