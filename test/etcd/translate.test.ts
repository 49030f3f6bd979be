import { describe, expect, it } from 'vitest';
import { isNoAnswer, translateEtcdError, wasNeverSent } from '../../src/etcd/translate.ts';

const REFUSED =
  '14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ';

describe('a failure of etcd', () => {
  it.each([
    [
      REFUSED,
      'E_UNAVAILABLE',
      'etcd "m" gave no answer: no connection established (connect ECONNREFUSED 127.0.0.1:1).',
    ],
    [
      '4 DEADLINE_EXCEEDED: Deadline exceeded after 4.0s',
      'E_UNAVAILABLE',
      'etcd "m" gave no answer: context deadline exceeded.',
    ],
    [
      '14 UNAVAILABLE: etcdserver: request timed out',
      'E_UNAVAILABLE',
      'etcd "m" gave no answer: etcdserver: request timed out.',
    ],
    ['12 UNIMPLEMENTED: Received HTTP status code 404', 'E_UNAVAILABLE', /does not speak etcd's v3 protocol/],
    ['7 PERMISSION_DENIED: etcdserver: permission denied', 'E_FORBIDDEN', 'etcd "m": etcdserver: permission denied.'],
    ['3 INVALID_ARGUMENT: etcdserver: user name is empty', 'E_FORBIDDEN', /user name is empty/],
    ['11 OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted', 'E_USAGE', /has been compacted/],
    ['3 INVALID_ARGUMENT: etcdserver: request is too large', 'E_USAGE', 'etcd "m": etcdserver: request is too large.'],
    ['8 RESOURCE_EXHAUSTED: Received message larger than max (99 vs 9)', 'E_USAGE', /answer is too large/],
    ['8 RESOURCE_EXHAUSTED: etcdserver: mvcc: database space exceeded', 'E_UNAVAILABLE', /space exceeded/],
    [
      'Lease 5 NOT_FOUND: etcdserver: requested lease not found is expired or revoked',
      'E_NOT_FOUND',
      'etcd "m": etcdserver: requested lease not found.',
    ],
    ['2 UNKNOWN: raft proposal dropped', 'E_UNAVAILABLE', 'etcd "m" gave no answer: raft proposal dropped.'],
    ['something else', 'E_INTERNAL', 'etcd "m" answered with something unexpected.'],
  ])('%s is %s', (message, code, shown) => {
    const error = translateEtcdError(new Error(message), 'etcd "m"');

    expect(error.code).toBe(code);
    if (typeof shown === 'string') expect(error.message).toBe(shown);
    else expect(error.message).toMatch(shown);
  });

  it('of a write is only called "never sent" when it certainly was not', () => {
    expect(wasNeverSent(new Error(REFUSED))).toBe(true);
    expect(wasNeverSent(new Error('2 UNKNOWN: raft proposal dropped'))).toBe(true);
    expect(wasNeverSent(new Error('8 RESOURCE_EXHAUSTED: etcdserver: too many requests'))).toBe(true);
    for (const message of [
      '14 UNAVAILABLE: Connection dropped',
      '4 DEADLINE_EXCEEDED: Deadline exceeded',
      '14 UNAVAILABLE: etcdserver: request timed out',
      '14 UNAVAILABLE: etcdserver: leader changed',
    ]) {
      expect(wasNeverSent(new Error(message))).toBe(false);
      expect(isNoAnswer(new Error(message))).toBe(true);
    }
  });
});
