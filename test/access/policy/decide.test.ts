import { describe, expect, test } from 'vitest';
import type { Request } from '../../../src/access/policy/asked.ts';
import { bytesOf, OPEN_END, prefixRange } from '../../../src/etcd/keys.ts';
import { ask, between, range, rules } from './ask.ts';

const IN_SHOP = {
  permission: 'k8s:scale',
  cluster: 'demo',
  namespace: 'shop',
  resource: 'deployments.apps',
  name: 'web',
};

describe('a rule', () => {
  const rows: readonly [string, object, Partial<Request>, boolean][] = [
    ['with nothing but the permission covers every place', {}, IN_SHOP, true],
    ['covers its namespace', { namespaces: ['shop'] }, IN_SHOP, true],
    ['does not cover another namespace', { namespaces: ['payments'] }, IN_SHOP, false],
    ['takes * for any text', { namespaces: ['sh*p', 'x'] }, IN_SHOP, true],
    ['matches whole words only', { namespaces: ['sho'] }, IN_SHOP, false],
    ['covers its cluster', { clusters: ['demo'] }, IN_SHOP, true],
    ['does not cover another cluster', { clusters: ['prod'] }, IN_SHOP, false],
    ['names a kind by its plural', { resources: ['deployments'] }, IN_SHOP, true],
    ['names a kind with its group', { resources: ['deployments.apps'] }, IN_SHOP, true],
    ['names an object', { names: ['web'] }, IN_SHOP, true],
    ['does not cover another object', { names: ['db'] }, IN_SHOP, false],
    ['is limited to channels', { channels: ['C1'] }, { ...IN_SHOP, channel: 'C1' }, true],
    ['does not hold in other channels', { channels: ['C1'] }, { ...IN_SHOP, channel: 'C2' }, false],
    ['must match in every part', { namespaces: ['shop'], names: ['db'] }, IN_SHOP, false],
    ['about etcd says nothing about Kubernetes', { etcd: ['main'] }, IN_SHOP, false],
    [
      'of one namespace does not cover what is in none',
      { namespaces: ['shop'] },
      { ...IN_SHOP, namespace: undefined },
      false,
    ],
    ['of a name does not cover a list', { names: ['web'] }, { ...IN_SHOP, name: undefined }, false],
    [
      'about a bare plural does not cover a custom kind of the same name',
      { resources: ['deployments'] },
      { ...IN_SHOP, resource: 'deployments.evil.example' },
      false,
    ],
  ];
  test.each(rows)('%s', (_what, scope, request, allowed) => {
    expect(ask(rules({ permissions: ['k8s:scale'], ...scope }), request).allowed).toBe(allowed);
  });

  test.each([
    ['k8s:scale', true],
    ['k8s:*', true],
    ['*', true],
    ['k8s:get', false],
    ['etcd:*', false],
    ['k8s:sca', false],
  ])('with the permission %s: %s', (permission, allowed) => {
    expect(ask(rules({ permissions: [permission] }), IN_SHOP).allowed).toBe(allowed);
  });

  test('is named in the answer', () => {
    expect(ask(rules({ permissions: ['k8s:get'] }, { permissions: ['k8s:scale'] }), IN_SHOP)).toEqual({
      allowed: true,
      by: 'role role, rule 2',
    });
  });
});

describe('T13: what reaches wide needs a rule that reaches as wide', () => {
  const all = { ...IN_SHOP, permission: 'k8s:get', namespace: '*', name: undefined };

  test('-A is not covered by a rule for one namespace, nor by a pattern', () => {
    expect(ask(rules({ permissions: ['k8s:get'], namespaces: ['shop'] }), all).allowed).toBe(false);
    expect(ask(rules({ permissions: ['k8s:get'], namespaces: ['s*'] }), all).allowed).toBe(false);
    expect(ask(rules({ permissions: ['k8s:get'], namespaces: ['*'] }), all).allowed).toBe(true);
  });

  test('-A is refused when a deny rule forbids one of the namespaces', () => {
    const access = { people: ['U1ADA'], deny: [{ permissions: ['*'], namespaces: ['payments'] }] };

    expect(ask(access, all)).toMatchObject({ allowed: false, deniedBy: 'deny rule 1' });
    expect(ask(access, { ...all, namespace: 'shop' }).allowed).toBe(true);
  });

  test('a list is refused when a deny rule forbids one of the names', () => {
    const access = { people: ['U1ADA'], deny: [{ permissions: ['k8s:get'], names: ['vault'] }] };

    expect(ask(access, { ...IN_SHOP, permission: 'k8s:get', name: undefined }).allowed).toBe(false);
    expect(ask(access, { ...IN_SHOP, permission: 'k8s:get' }).allowed).toBe(true);
  });
});

describe('ranges of etcd keys', () => {
  const keys = (...asked: { key: string; rangeEnd?: string }[]) => ({
    permission: 'etcd:read',
    etcd: 'main',
    keys: asked,
  });
  const shop = rules({ permissions: ['etcd:*'], keys: ['/shop/', '/shop0'] });
  const rows: readonly [string, { key: string; rangeEnd?: string }, boolean][] = [
    ['a key inside', between('/shop/flags'), true],
    ['the prefix itself', range(prefixRange(bytesOf('/shop/'))), true],
    ['a key that only looks alike', between('/shopping'), false],
    ['a range within', between('/shop/a', '/shop/f'), true],
    ['a range across two prefixes that touch', between('/shop/a', '/shop00'), true],
    ['a range that begins inside and ends outside', between('/shop/a', '/z'), false],
    ['from a key on', range({ key: bytesOf('/shop/a'), rangeEnd: OPEN_END }), false],
    ['everything', range(prefixRange(bytesOf(''))), false],
  ];
  test.each(rows)('%s', (_what, asked, allowed) => {
    expect(ask(shop, keys(asked)).allowed).toBe(allowed);
  });

  test('every range asked for must be inside', () => {
    expect(ask(shop, keys(between('/shop/a'), between('/b'))).allowed).toBe(false);
  });

  test('a deny rule counts by overlap: --from-key reaches what lies behind', () => {
    const access = { people: ['U1ADA'], deny: [{ permissions: ['etcd:*'], keys: ['/payments/'] }] };

    expect(ask(access, keys(range({ key: bytesOf('/a'), rangeEnd: OPEN_END }))).allowed).toBe(false);
    expect(ask(access, keys(between('/q'))).allowed).toBe(true);
    expect(ask(access, { permission: 'etcd:read', etcd: 'main' }).allowed).toBe(false);
  });
});

describe('a denial', () => {
  test('says what is missing, where, and which roles would give it', () => {
    const access = { roles: { scaler: [{ permissions: ['k8s:scale'] }], reader: [{ permissions: ['k8s:get'] }] } };

    expect(ask(access, IN_SHOP)).toEqual({
      allowed: false,
      missing: 'k8s:scale',
      where: 'in demo/shop on deployments.apps/web',
      limit: undefined,
      roles: ['scaler'],
    });
  });

  test('is the answer to everything while nothing is written (T10: the bot’s own rights are nobody’s)', () => {
    expect(ask({}, IN_SHOP).allowed).toBe(false);
  });

  test('T10: system namespaces can be closed to those who may do everything', () => {
    const access = {
      people: ['U1ADA'],
      deny: [{ permissions: ['k8s:scale', 'k8s:rollout'], namespaces: ['kube-*', 'shipmate'] }],
    };

    expect(ask(access, { ...IN_SHOP, namespace: 'kube-system' }).allowed).toBe(false);
    expect(ask(access, { ...IN_SHOP, namespace: 'shipmate' }).allowed).toBe(false);
    expect(ask(access, IN_SHOP).allowed).toBe(true);
  });
});

describe('T14: limits on how far a scaling goes', () => {
  const limited = (args: object) => rules({ permissions: ['k8s:scale'], args });
  const rows: readonly [object, number, number, boolean][] = [
    [{ 'min-replicas': 1 }, 3, 0, false],
    [{ 'min-replicas': 1 }, 3, 1, true],
    [{ 'max-replicas': 10 }, 9, 10, true],
    [{ 'max-replicas': 10 }, 9, 11, false],
    [{ 'max-factor': 2 }, 2, 4, true],
    [{ 'max-factor': 2 }, 2, 5, false],
    [{ 'max-factor': 2 }, 0, 2, true],
    [{ 'max-factor': 2 }, 0, 3, false],
    [{ 'max-factor': 2 }, 8, 1, true],
  ];
  test.each(rows)('%j: %i → %i', (args, from, to, allowed) => {
    expect(ask(limited(args), { ...IN_SHOP, facts: { replicas: { from, to } } }).allowed).toBe(allowed);
  });

  test('are told with the rule that sets them', () => {
    const answer = ask(limited({ 'max-factor': 2 }), { ...IN_SHOP, facts: { replicas: { from: 2, to: 6 } } });

    expect(answer).toMatchObject({ limit: 'role role, rule 1: at most ×2 is allowed, and 2 → 6 is more (max-factor)' });
  });

  test('of one rule do not bind what another allows', () => {
    const two = rules(
      { permissions: ['k8s:scale'], args: { 'max-factor': 2 } },
      { permissions: ['k8s:scale'], names: ['web'] },
    );

    expect(ask(two, { ...IN_SHOP, facts: { replicas: { from: 2, to: 6 } } })).toMatchObject({
      by: 'role role, rule 2',
    });
  });
});

describe('T25: images only from these registries', () => {
  const only = (...images: string[]) => rules({ permissions: ['k8s:set'], args: { images } });
  const rows: readonly [string, string, boolean][] = [
    ['registry.example.com/shop', 'registry.example.com/shop/web:1.2', true],
    ['registry.example.com/shop', 'registry.example.com/shop/web@sha256:0f', true],
    ['registry.example.com/shop/', 'registry.example.com/shopping/web:1', false],
    ['registry.example.com', 'registry.example.com.evil.test/web', false],
    ['registry.example.com', 'evil.test/registry.example.com/web', false],
    ['registry.example.com:5000', 'registry.example.com/web', false],
    ['docker.io/library', 'nginx', true],
    ['docker.io/library', 'someone/nginx', false],
    ['registry.example.com', 'nginx', false],
  ];
  test.each(rows)('%s: %s', (prefix, image, allowed) => {
    expect(ask(only(prefix), { ...IN_SHOP, permission: 'k8s:set', facts: { images: [image] } }).allowed).toBe(allowed);
  });

  test('one foreign image among several is enough to refuse', () => {
    const facts = { images: ['registry.example.com/a', 'evil.test/b'] };

    expect(ask(only('registry.example.com'), { ...IN_SHOP, permission: 'k8s:set', facts }).allowed).toBe(false);
  });
});
