import type { Json } from '../../../../deploy/sandbox/cluster/object.ts';
import type { PracticeCluster } from '../../../support/practice-cluster.ts';

export interface Answer {
  code: number;
  body: Json;
  headers: Headers;
}

export const JSON_PATCH = 'application/json-patch+json';
export const MERGE = 'application/merge-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const APPLY = 'application/apply-patch+yaml';
export const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** Raw HTTP to a cluster: `ask('PATCH', path, body, {type: MERGE})`. */
export type Ask = (
  method: string,
  path: string,
  body?: Json,
  options?: { type?: string; accept?: string; token?: string },
) => Promise<Answer>;

export function asker({ url, token }: Pick<PracticeCluster, 'url' | 'token'>): Ask {
  return async (method, path, body, options = {}) => {
    const headers: Record<string, string> = {
      authorization: `Bearer ${options.token ?? token}`,
      'user-agent': 'ask/1',
    };
    if (body !== undefined) headers['content-type'] = options.type ?? 'application/json';
    if (options.accept) headers.accept = options.accept;
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${url}${path}`, { method, headers, ...(text === undefined ? {} : { body: text }) });
    const answer = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { code: response.status, body: isJson ? JSON.parse(answer) : answer, headers: response.headers };
  };
}

export const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
export const PODS = '/api/v1/namespaces/default/pods';
export const CONFIGMAPS = '/api/v1/namespaces/default/configmaps';

/** A Deployment of one container; `fault` misbehaves as the practice annotation says. */
export function deployment(
  name: string,
  replicas: number,
  more: { fault?: string; image?: string; spec?: Json } = {},
): Json {
  const annotations = more.fault ? { 'practice.shipmate/fault': more.fault } : undefined;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, ...(annotations ? { annotations } : {}) },
        spec: { containers: [{ name: 'web', image: more.image ?? 'nginx:1.27' }] },
      },
      ...more.spec,
    },
  };
}
