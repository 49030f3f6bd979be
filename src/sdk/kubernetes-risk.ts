import type { RiskTier } from '../pipeline/definition.ts';

type Risk = Exclude<RiskTier, 'read'>;

/** Scaling is low; to nothing, to at least twice or at most half of what there is, it is high. */
export function scaleRisk(from: number, to: number): Risk {
  return to === 0 || to >= from * 2 || to <= from / 2 ? 'high' : 'low';
}

/** One tier more in the namespaces that carry the cluster itself. */
export function raisedInProtected(risk: Risk, namespace: string | undefined): Risk {
  if (!namespace?.startsWith('kube-')) return risk;
  return risk === 'low' ? 'high' : 'destructive';
}
