import type { condition, MetaOptions } from './kube-meta.ts';

/** What all workloads take. */
export interface WorkloadOptions extends MetaOptions {
  replicas?: number;
  image?: string;
  /** Default: as many as `replicas`. */
  available?: number;
  ready?: number;
  updated?: number;
  observedGeneration?: number;
  conditions?: ReturnType<typeof condition>[];
  /** Labels of its pods. Default `{ app: name }`. */
  podLabels?: Record<string, string>;
  template?: Record<string, unknown>;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

export function common(name: string, options: WorkloadOptions): Record<string, unknown> {
  return {
    replicas: options.replicas ?? 1,
    selector: { matchLabels: options.podLabels ?? { app: name } },
    template: templateOf(name, options),
  };
}

export function templateOf(name: string, { podLabels, image, template }: WorkloadOptions): Record<string, unknown> {
  return {
    metadata: { labels: podLabels ?? { app: name } },
    spec: { containers: [{ name: 'app', image: image ?? 'registry.example.com/shop/web:1', resources: {} }] },
    ...template,
  };
}
