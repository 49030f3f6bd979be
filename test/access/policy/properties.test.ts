import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matcherOf } from '../../../src/access/policy/glob.ts';
import { ask, rules } from './ask.ts';

const word = fc.constantFrom('a', 'b', 'ab', 'a*', '*b', '*');
const some = fc.option(fc.array(word, { minLength: 1, maxLength: 3 }), { nil: undefined });
const permission = fc.constantFrom('k8s:get', 'k8s:scale', 'etcd:read');
const rule = fc
  .record({
    permissions: fc.array(fc.oneof(permission, fc.constantFrom('k8s:*', '*')), { minLength: 1, maxLength: 2 }),
    clusters: some,
    namespaces: some,
    names: some,
  })
  .map((made) => JSON.parse(JSON.stringify(made)) as object);
const name = fc.constantFrom('a', 'b', 'ab', undefined);
const request = fc.record({
  permission,
  cluster: fc.constantFrom('a', 'b'),
  namespace: fc.constantFrom('a', 'b', '*', undefined),
  name,
});
const list = fc.array(rule, { maxLength: 4 });

test('deny wins: whatever is allowed, a deny rule for all of it refuses it', () => {
  fc.assert(
    fc.property(list, request, (allow, asked) => {
      const policy = {
        ...rules(...allow, { permissions: ['*'] }),
        people: ['U1ADA'],
        deny: [{ permissions: [asked.permission] }],
      };
      expect(ask(policy, asked).allowed).toBe(false);
    }),
  );
});

test('adding a deny rule never allows more', () => {
  fc.assert(
    fc.property(list, list, rule, request, (allow, deny, more, asked) => {
      const before = ask({ ...rules(...allow, { permissions: ['etcd:read'] }), deny }, asked);
      const after = ask({ ...rules(...allow, { permissions: ['etcd:read'] }), deny: [...deny, more] }, asked);
      if (!before.allowed) expect(after.allowed).toBe(false);
    }),
  );
});

test('the same rule as a deny rule refuses at least what it allowed', () => {
  fc.assert(
    fc.property(rule, request, (one, asked) => {
      if (ask(rules(one), asked).allowed) expect(ask({ people: ['U1ADA'], deny: [one] }, asked).allowed).toBe(false);
    }),
  );
});

test('the order of rules, roles and bindings does not matter', () => {
  fc.assert(
    fc.property(list, list, list, request, (first, second, deny, asked) => {
      const filled = (rulesOf: object[]) => [...rulesOf, { permissions: ['none:at-all'] }];
      const policy = (roles: [string, object[]][]) => ({
        roles: Object.fromEntries(roles),
        bindings: roles.map(([role]) => ({ role, users: ['U1ADA'] })),
      });
      const forward = ask(
        {
          ...policy([
            ['a', filled(first)],
            ['b', filled(second)],
          ]),
          deny,
        },
        asked,
      );
      const backward = ask(
        {
          ...policy([
            ['b', filled(second.toReversed())],
            ['a', filled(first.toReversed())],
          ]),
          deny: deny.toReversed(),
        },
        asked,
      );
      expect(backward.allowed).toBe(forward.allowed);
    }),
  );
});

test('nothing written allows nothing', () => {
  fc.assert(
    fc.property(request, (asked) => {
      expect(ask({}, asked).allowed).toBe(false);
      expect(ask({ roles: { all: [{ permissions: ['*'] }] } }, asked).allowed).toBe(false);
    }),
  );
});

test('a pattern matches what the same regular expression would', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(pattern, text, (glob, typed) => {
      const expected = new RegExp(`^${glob.replaceAll('*', '.*')}$`).test(typed);
      expect(matcherOf([glob])?.(typed) ?? true).toBe(expected);
    }),
  );
});

test('a pattern of many stars is decided at once', () => {
  const matches = matcherOf([`${'a*'.repeat(200)}b`]);
  const startedAt = performance.now();

  expect(matches?.('a'.repeat(20_000))).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(500);
});
