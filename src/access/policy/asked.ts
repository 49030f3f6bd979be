import type { Person } from '../../chat/invocation.ts';

/**
 * What a command asks to do, in the policy's words. JSON: it is kept in the plan, so that the button and the worker ask for exactly what
 * was asked for at first.
 */
export interface Asked {
  /** `k8s:scale`; undefined for what everybody of the workspace may do. */
  readonly permission: string | undefined;
  /** For commands that act in no particular place: holding the permission somewhere is enough. */
  readonly anywhere?: true;
  readonly cluster?: string | undefined;
  /** A namespace, or `EVERY_NAMESPACE`; absent for what is in none. */
  readonly namespace?: string | undefined;
  /** Plural, with the group where there is one: `pods`, `deployments.apps`. Absent: any. */
  readonly resource?: string | undefined;
  /** Absent: any, as when listing. */
  readonly name?: string | undefined;
  /** What the command does with it there, where the cluster is asked, too: `get`, `update scale`. */
  readonly verbs?: readonly string[] | undefined;
  readonly etcd?: string | undefined;
  /** Half-open ranges, in hex (a spelling that no redaction takes for a secret). */
  readonly keys?: readonly AskedRange[] | undefined;
}

export interface AskedRange {
  readonly key: string;
  readonly rangeEnd?: string | undefined;
}

/** No namespace can be called so. */
export const EVERY_NAMESPACE = '*';

/** What a plan would do, as far as argument-level rules care. */
export interface Facts {
  readonly replicas?: { readonly from: number; readonly to: number };
  /** Image references that would start to run. */
  readonly images?: readonly string[];
}

/** One question to the policy. */
export interface Request extends Asked {
  readonly person: Person;
  /** Whether a bare user id in the config means this person; false for those of a second workspace. */
  readonly isHome: boolean;
  /** Slack user groups of the person. */
  readonly groups: readonly string[];
  readonly channel?: string | undefined;
  /** Known once there is a plan. */
  readonly facts?: Facts | undefined;
}

export type Decision =
  | { readonly allowed: true; readonly by: string }
  | {
      readonly allowed: false;
      /** The permission that is missing. */
      readonly missing: string;
      /** Where it is missing: `in demo/shop on deployments.apps/web`. */
      readonly where: string;
      /** The deny rule that matched: `deny rule 2`. */
      readonly deniedBy?: string | undefined;
      /** The limit that the plan exceeds, as a sentence. */
      readonly limit?: string | undefined;
      /** Roles that would allow it. */
      readonly roles: readonly string[];
    };

/** Where a request acts, for people: `in demo/shop on deployments.apps/web`. */
export function describePlace(asked: Asked): string {
  const namespace = asked.namespace === EVERY_NAMESPACE ? 'all namespaces' : asked.namespace;
  const at = asked.etcd === undefined ? [asked.cluster, namespace].filter(Boolean).join('/') : `etcd ${asked.etcd}`;
  const object = asked.resource === undefined ? asked.name : `${asked.resource}${asked.name ? `/${asked.name}` : ''}`;
  const keys = asked.keys?.map(({ key, rangeEnd }) => `${text(key)}${rangeEnd === undefined ? '' : '…'}`).join(', ');
  return [at && `in ${at}`, (object ?? keys) && `on ${object ?? keys}`].filter(Boolean).join(' ');
}

function text(hex: string): string {
  return JSON.stringify(Buffer.from(hex, 'hex').toString('utf8'));
}
