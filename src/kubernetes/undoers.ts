import type { KubeObject, Resource } from './cluster.ts';
import { replicasAppliedBy } from './field-managers.ts';

/** What stands around an object that might set its replicas back. */
export interface Surroundings {
  readonly autoscalers: readonly KubeObject[];
  /** KEDA ScaledObjects; KEDA also makes an HPA for each. */
  readonly scaledObjects: readonly KubeObject[];
}

/**
 * Who will undo a change of `spec.replicas`, one sentence each: an autoscaler, GitOps, a package manager, an owner.
 * Pure, and silent where nothing certain is known: a label that several tools use names none of them.
 */
export function undoersOf(
  object: KubeObject,
  resource: Pick<Resource, 'kind' | 'group'>,
  around: Surroundings,
): readonly string[] {
  const name = object.metadata.name ?? '';
  const labels = object.metadata.labels ?? {};
  const annotations = object.metadata.annotations ?? {};
  const warnings: string[] = [];

  const keda = around.scaledObjects.filter((one) => pointsAt(one.spec?.scaleTargetRef, resource, name, 'Deployment'));
  for (const one of keda) {
    const { minReplicaCount = 0, maxReplicaCount = 100 } = one.spec ?? {};
    warnings.push(
      `KEDA ScaledObject ${one.metadata.name} will override this (min ${minReplicaCount}, max ${maxReplicaCount}).`,
    );
  }
  const kedaNames = new Set(keda.map((one) => one.metadata.name));
  for (const hpa of around.autoscalers) {
    if (!pointsAt(hpa.spec?.scaleTargetRef, resource, name)) continue;
    if (hpa.metadata.ownerReferences?.some((owner) => owner.kind === 'ScaledObject' && kedaNames.has(owner.name)))
      continue;
    const { minReplicas = 1, maxReplicas } = hpa.spec ?? {};
    warnings.push(`HPA ${hpa.metadata.name} will override this (min ${minReplicas}, max ${maxReplicas}).`);
  }

  const argoApp = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  if (argoApp) warnings.push(`Argo CD application ${argoApp} manages this: its next sync may set the replicas back.`);
  const flux = labels['kustomize.toolkit.fluxcd.io/name'];
  if (flux)
    warnings.push(`Flux Kustomization ${flux} manages this: its next reconciliation may set the replicas back.`);
  const fluxHelm = labels['helm.toolkit.fluxcd.io/name'];
  if (fluxHelm) warnings.push(`Flux HelmRelease ${fluxHelm} manages this: its next upgrade may set the replicas back.`);
  const release = annotations['meta.helm.sh/release-name'];
  if (release && !fluxHelm)
    warnings.push(`Helm release ${release} manages this: its next upgrade may set the replicas back.`);

  const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner) warnings.push(`${owner.kind} ${owner.name} owns this and will set the replicas back.`);
  const applier = replicasAppliedBy(object);
  if (applier && !argoApp && !flux && !fluxHelm && !release)
    warnings.push(`${applier} declares the replicas by server-side apply: its next apply sets them back.`);
  return warnings;
}

interface TargetRef {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
}

/** Whether a scaleTargetRef means this object; its version does not matter, its group does. */
function pointsAt(
  ref: TargetRef | undefined,
  resource: Pick<Resource, 'kind' | 'group'>,
  name: string,
  defaultKind?: string,
): boolean {
  if (!ref || ref.name !== name || (ref.kind ?? defaultKind) !== resource.kind) return false;
  if (ref.apiVersion === undefined) return true;
  const group = ref.apiVersion.includes('/') ? ref.apiVersion.split('/')[0] : '';
  return group === resource.group;
}
