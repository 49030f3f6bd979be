import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import type { Place } from '../world.ts';

/** Something that happens every day and that nobody wants to hear of. */
export interface Story {
  /** The end of the sentence "… is quiet". */
  readonly name: string;
  /** Also the name of its namespace. */
  readonly id: string;
  /** Resolves when it has happened. @throws Error when it did not: then it proves nothing. */
  tell(place: Place): Promise<void>;
}

export const FAULT = 'practice.shipmate/fault';

export interface Parts {
  readonly replicas?: number;
  readonly image?: string;
  readonly fault?: string | undefined;
  /** Laid over the pods' spec. */
  readonly pod?: object;
  /** Laid over the workload's spec. */
  readonly spec?: object;
}

/** A Deployment, StatefulSet or DaemonSet named `web`, whose pods have a readiness probe. */
export function workload(kind: 'Deployment' | 'StatefulSet' | 'DaemonSet', parts: Parts = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      ...(kind === 'DaemonSet' ? {} : { replicas: parts.replicas ?? 3 }),
      ...(kind === 'StatefulSet' ? { serviceName: 'web' } : {}),
      template: template(parts),
      ...parts.spec,
    },
  };
}

export function template({ image = 'registry.example.com/web:1', fault, pod }: Parts): object {
  return {
    metadata: { labels: { app: 'web' }, ...(fault === undefined ? {} : { annotations: { [FAULT]: fault } }) },
    spec: {
      containers: [
        {
          name: 'main',
          image,
          readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5, failureThreshold: 3 },
        },
      ],
      ...pod,
    },
  };
}

/** A new release of `web`. */
export const release = (image: string): object => ({
  spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
});
