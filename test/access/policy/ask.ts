import type { Decision, Request } from '../../../src/access/policy/asked.ts';
import { compilePolicy } from '../../../src/access/policy/compile.ts';
import { decide } from '../../../src/access/policy/decide.ts';
import { accessSchema } from '../../../src/config/access.ts';
import { bytesOf, type KeyRange } from '../../../src/etcd/keys.ts';

export const ADA = { team: 'T1', user: 'U1ADA' };

/** What the written policy says about one request of Ada's, whom everything is bound to unless `access` says otherwise. */
export function ask(access: object, request: Partial<Request>): Decision {
  const policy = compilePolicy(accessSchema.parse(access));
  return decide(policy, { person: ADA, isHome: true, groups: [], permission: 'k8s:get', ...request });
}

/** A policy in which Ada has these rules and nobody else anything. */
export function rules(...list: object[]): object {
  return { roles: { role: list }, bindings: [{ role: 'role', users: ['U1ADA'] }] };
}

/** A range as it is asked for. */
export function range({ key, rangeEnd }: KeyRange): { key: string; rangeEnd?: string } {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return { key: hex(key), ...(rangeEnd ? { rangeEnd: hex(rangeEnd) } : {}) };
}

export function between(key: string, end?: string): { key: string; rangeEnd?: string } {
  return range({ key: bytesOf(key), ...(end === undefined ? {} : { rangeEnd: bytesOf(end) }) });
}
