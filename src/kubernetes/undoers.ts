import type { KubeObject, Resource } from './cluster.ts';
import { replicasAppliedBy, templateAppliedBy } from './field-managers.ts';

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

  const deployers = deployersOf(object);
  for (const { who, when } of deployers) warnings.push(`${who} manages this: ${when} may set the replicas back.`);

  const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner) warnings.push(`${owner.kind} ${owner.name} owns this and will set the replicas back.`);
  const applier = replicasAppliedBy(object);
  if (applier && deployers.length === 0)
    warnings.push(`${applier} declares the replicas by server-side apply: its next apply sets them back.`);
  return warnings;
}

/**
 * Who will bring a changed pod template back, one sentence each. Pure.
 */
export function templateUndoersOf(object: KubeObject): readonly string[] {
  const deployers = deployersOf(object);
  const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
  const applier = templateAppliedBy(object);
  return [
    ...deployers.map(({ who, when }) => `${who} manages this: ${when} may bring the other template back.`),
    ...(owner ? [`${owner.kind} ${owner.name} owns this and will bring its own template back.`] : []),
    ...(applier && deployers.length === 0
      ? [`${applier} declares the template by server-side apply: its next apply brings it back.`]
      : []),
  ];
}

/** GitOps tools and package managers that keep the object as it stands in their own records. */
function deployersOf(object: KubeObject): readonly { readonly who: string; readonly when: string }[] {
  const labels = object.metadata.labels ?? {};
  const annotations = object.metadata.annotations ?? {};
  const argoApp = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  const flux = labels['kustomize.toolkit.fluxcd.io/name'];
  const fluxHelm = labels['helm.toolkit.fluxcd.io/name'];
  const release = annotations['meta.helm.sh/release-name'];
  return [
    ...(argoApp ? [{ who: `Argo CD application ${argoApp}`, when: 'its next sync' }] : []),
    ...(flux ? [{ who: `Flux Kustomization ${flux}`, when: 'its next reconciliation' }] : []),
    ...(fluxHelm ? [{ who: `Flux HelmRelease ${fluxHelm}`, when: 'its next upgrade' }] : []),
    ...(release && !fluxHelm ? [{ who: `Helm release ${release}`, when: 'its next upgrade' }] : []),
  ];
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
