import { describe, expect, test } from 'vitest';
import { gateOf, nameToType } from '../../src/access/gate.ts';
import { compileApprovals } from '../../src/access/policy/compile.ts';
import { accessSchema } from '../../src/config/access.ts';

const SCALE = { permission: 'k8s:scale', cluster: 'demo', namespace: 'payments', resource: 'deployments.apps' };
const RULES = [
  { permissions: ['k8s:*'], namespaces: ['payments'], approvers: { users: ['U1GRACE'] } },
  { permissions: ['*'], clusters: ['prod'], approvers: { groups: ['S1'] }, count: 2 },
];

function gate(risk: 'low' | 'high' | 'destructive', asked: object, rules: object[] = RULES, admins = ['U1ADA']) {
  const { approvals } = accessSchema.parse({ approvals: { rules } });
  return gateOf({ risk, asked: [{ permission: 'k8s:scale', ...asked }] }, compileApprovals(approvals), admins);
}

describe('the gate of a change', () => {
  test('is the requester’s own yes where no rule is touched', () => {
    expect(gate('high', { ...SCALE, namespace: 'shop' })).toEqual({ typed: false });
  });

  test('is the first rule that it touches', () => {
    expect(gate('low', SCALE).approval).toMatchObject({ label: 'approval rule 1', count: 1 });
    expect(gate('low', { ...SCALE, cluster: 'prod', namespace: 'shop' }).approval).toMatchObject({ count: 2 });
    expect(gate('low', { ...SCALE, cluster: 'prod' }).approval).toMatchObject({ label: 'approval rule 1' });
  });

  test('is a rule also for what only partly lies in its scope', () => {
    expect(gate('low', { ...SCALE, namespace: '*' }).approval).toMatchObject({ label: 'approval rule 1' });
  });

  test('is an administrator’s yes for what destroys and touches no rule', () => {
    const { approval } = gate('destructive', { ...SCALE, namespace: 'shop' });

    expect(approval).toMatchObject({ approvers: { users: ['U1ADA'] }, count: 1 });
  });

  test('is a typed name for what destroys where there are no rules, or nobody who could say yes', () => {
    expect(gate('destructive', SCALE, [])).toEqual({ typed: true });
    expect(gate('destructive', { ...SCALE, namespace: 'shop' }, RULES, [])).toEqual({ typed: true });
  });

  test('changes its digest with who may say yes and how many', () => {
    const of = (rule: object): string | undefined => gate('low', SCALE, [{ ...RULES[0], ...rule }]).approval?.digest;

    expect(of({})).toBe(of({}));
    expect(of({ approvers: { users: ['U1LINUS'] } })).not.toBe(of({}));
    expect(of({ approvers: { users: ['U1GRACE', 'U1LINUS'] }, count: 2 })).not.toBe(
      of({ approvers: { users: ['U1GRACE', 'U1LINUS'] } }),
    );
  });
});

test('what is typed is the whole name (T7), or the number where there are several', () => {
  const long = `web-${'a'.repeat(200)}`;

  expect(nameToType({ cluster: 'demo', targets: [`deployment.apps/${long}`] })).toBe(long);
  expect(nameToType({ targets: ['/app/old/key'] })).toBe('/app/old/key');
  expect(nameToType({ cluster: 'demo', targets: ['pod/a', 'pod/b'] })).toBe('2');
});

describe('the config of approvals', () => {
  test.each([
    [{ rules: [{ permissions: ['*'], approvers: {} }] }, /names nobody/],
    [{ rules: [{ permissions: ['*'], approvers: { users: ['U1'] }, count: 2 }] }, /more than the people/],
    [{ expires: 'soon' }, /is not a duration/],
    [{ escalateAfter: '5m' }, /needs `escalateTo`/],
    [{ expires: '5m', escalateAfter: '5m', escalateTo: { users: ['U1'] } }, /shorter than `expires`/],
  ])('refuses what cannot be meant: %j', (approvals, wanted) => {
    const { error } = accessSchema.safeParse({ approvals });

    expect(error?.issues.map(({ message }) => message).join()).toMatch(wanted);
  });
});
