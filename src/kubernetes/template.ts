import { digestOf } from '../ids.ts';
import type { KubeObject } from './cluster.ts';

/** A pod template as raw JSON. */
// biome-ignore lint/suspicious/noExplicitAny: raw JSON from a server that may be newer than us; readers check what they read.
export type PodTemplate = Record<string, any>;

const HASH_LABEL = 'pod-template-hash';

/** The template of a workload, or an empty one. */
export function templateOf(object: KubeObject): PodTemplate {
  return object.spec?.template ?? {};
}

/** Without the label that the Deployment controller adds to the template of a ReplicaSet. */
export function withoutHash(template: PodTemplate): PodTemplate {
  const labels = template.metadata?.labels;
  if (labels?.[HASH_LABEL] === undefined) return template;
  const { [HASH_LABEL]: _, ...others } = labels;
  return { ...template, metadata: { ...template.metadata, labels: others } };
}

/**
 * A digest that is equal for templates that mean the same: the order of keys, the hash label, nulls and empty maps of labels do not count
 * (as in kubectl's `equalIgnoreHash`).
 */
export function templateDigest(template: PodTemplate): string {
  const { $patch: _, metadata = {}, ...rest } = withoutHash(template);
  return digestOf(withoutNulls({ ...rest, metadata: withoutEmpty(metadata) }));
}

/** Image references of all containers, init containers first; each once. */
export function imagesOf(template: PodTemplate): readonly string[] {
  const containers = [...(template.spec?.initContainers ?? []), ...(template.spec?.containers ?? [])];
  return [...new Set(containers.map((container: { image?: string }) => container.image ?? '').filter(Boolean))];
}

function withoutEmpty(metadata: object): object {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).filter(
      ([, value]) => !(value !== null && typeof value === 'object' && Object.keys(value).length === 0),
    ),
  );
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}
