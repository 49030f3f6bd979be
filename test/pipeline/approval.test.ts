import { describe, expect, test } from 'vitest';
import type { Standing } from '../../src/access/cluster-identity.ts';
import { gateOf } from '../../src/access/gate.ts';
import { compileApprovals } from '../../src/access/policy/compile.ts';
import { accessSchema } from '../../src/config/access.ts';
import { ApprovalError, PermissionError } from '../../src/errors.ts';
import { digestOf } from '../../src/ids.ts';
import { askOthers, escalate, vote } from '../../src/pipeline/approval.ts';
import { approvalsMustHold, mustBeApprover } from '../../src/pipeline/approval-check.ts';
import { type ChangeRecord, cancel, expire } from '../../src/pipeline/change.ts';

const person = (user: string) => ({ team: 'T1', user });
const [ADA, GRACE, LINUS] = [person('U1ADA'), person('U1GRACE'), person('U1LINUS')];
const BOTH = { users: ['U1GRACE', 'U1LINUS'] };

const PLAN = {
  cluster: 'demo',
  targets: ['deployment.apps/web'],
  summary: 'Scale',
  confirm: 'Scale web to 5',
  changes: [],
  warnings: [],
  risk: 'low',
  asked: [{ permission: 'k8s:scale', cluster: 'demo', namespace: 'shop' }],
  data: {},
} as const;
const AWAITING: ChangeRecord = {
  schemaVersion: 1,
  id: 'iabc',
  generation: 1,
  state: 'awaiting',
  command: 'k8s scale',
  shown: '/k8s scale deploy/web 5',
  raw: '/k8s scale deploy/web 5',
  person: ADA,
  origin: { surface: 'slash', channel: 'C1', receivedAt: 0 },
  plan: PLAN,
  digest: digestOf(PLAN),
  createdAt: 1_000,
  expiresAt: 601_000,
};

/** A door with one approval rule, and the people of whom it says yes. */
function door(
  rule: object,
  more: object = {},
  approvers = ['U1GRACE', 'U1LINUS'],
  mapped: Record<string, string> = {},
) {
  const { approvals } = accessSchema.parse({ approvals: { rules: [{ permissions: ['*'], ...rule }], ...more } });
  return {
    gate: (plan: Parameters<typeof gateOf>[0]) => gateOf(plan, compileApprovals(approvals), []),
    isOneOf: async ({ user }: typeof ADA) => approvers.includes(user),
    standing: ({ user }: typeof ADA): Standing =>
      mapped[user] === undefined ? { mode: 'off' } : { mode: 'review', identity: { user: mapped[user], groups: [] } },
  };
}
const EVERYBODY = { admit: async () => undefined };

function asked(rule: object = { approvers: BOTH, count: 2 }, more: object = {}): ChangeRecord {
  const demand = door(rule, more).gate(PLAN).approval;
  if (!demand) throw new Error('no approval was demanded');
  return askOthers(AWAITING, ADA, 2_000, demand, 'C2');
}
const yes = (record: ChangeRecord, by: typeof ADA, at = 3_000) => vote(record, { by, at, choice: 'approve' });
const no = (record: ChangeRecord, by: typeof ADA, at = 3_000) => vote(record, { by, at, choice: 'deny' });

describe('a request for approval', () => {
  test('waits from the requester’s yes on, until its own end', () => {
    expect(asked()).toMatchObject({ state: 'approving', expiresAt: 2_000 + 30 * 60_000, approval: { channel: 'C2' } });
  });

  test('is queued by the last yes that it needs, and not before', () => {
    const half = yes(asked(), GRACE);

    expect(half.state).toBe('approving');
    expect(yes(half, LINUS)).toMatchObject({ state: 'queued', decided: { by: LINUS } });
  });

  test('is over with the first no, also after a yes', () => {
    expect(no(yes(asked(), GRACE), LINUS)).toMatchObject({ state: 'denied' });
  });

  test('T20: counts nobody’s vote twice and never the requester’s, whichever workspace they come from', () => {
    expect(() => yes(yes(asked(), GRACE), GRACE)).toThrow(/already/);
    expect(() => yes(asked(), ADA)).toThrow(/Nobody approves their own/);
    expect(() => yes(asked(), { ...ADA, team: 'T2' })).toThrow(/Nobody approves their own/);
  });

  test('T17: takes no vote once it is decided, withdrawn or over', () => {
    const denied = no(asked(), GRACE);

    expect(() => yes(denied, LINUS)).toThrow(ApprovalError);
    expect(() => yes(cancel(asked(), ADA, 3_000), LINUS)).toThrow(/cancelled already/);
  });

  test('ends at its time exactly', () => {
    const end = asked().expiresAt;

    expect(expire(asked(), end - 1)).toBeUndefined();
    expect(expire(asked(), end)).toMatchObject({ state: 'expired' });
    expect(() => yes(asked(), GRACE, end)).toThrow(/expired/);
  });

  test('is escalated once, at its time', () => {
    const record = asked({ approvers: BOTH }, { escalateAfter: '5m', escalateTo: { users: ['U1EVE'] } });

    expect(escalate(record, 2_000 + 299_999)).toBeUndefined();
    const escalated = escalate(record, 2_000 + 300_000) as ChangeRecord;
    expect(escalated.approval).toMatchObject({ escalatedAt: 302_000 });
    expect(escalate(escalated, 900_000)).toBeUndefined();
  });
});

describe('T16: right before acting', () => {
  const queued = yes(yes(asked(), GRACE), LINUS);
  const RULE = { approvers: BOTH, count: 2 };

  test('an approval holds while nothing has changed', async () => {
    await expect(approvalsMustHold(queued, door(RULE), EVERYBODY)).resolves.toBeUndefined();
  });

  test.each([
    ['the rule changed', door({ approvers: { users: ['U1GRACE', 'U1EVE'] }, count: 2 }), /has changed since/],
    ['the rule is gone', door({ approvers: BOTH, namespaces: ['other'] }), /no longer asks/],
    ['a voter is no approver any more', door(RULE, {}, ['U1GRACE']), /U1LINUS is no longer one of the approvers/],
  ])('it is void when %s', async (_what, access, wanted) => {
    await expect(approvalsMustHold(queued, access, EVERYBODY)).rejects.toThrow(wanted);
  });

  test('it is void when a voter was deactivated', async () => {
    const identity = {
      admit: async ({ user }: typeof ADA) => {
        if (user === 'U1GRACE') throw new PermissionError('deactivated', { hint: '' });
      },
    };

    await expect(approvalsMustHold(queued, door(RULE), identity)).rejects.toThrow(/U1GRACE is not let in any more/);
  });

  test('two Slack accounts of one Kubernetes user are one human: as requester and voter, and as two voters (T20)', async () => {
    const asOne = (users: string[]) =>
      door(RULE, {}, undefined, Object.fromEntries(users.map((user) => [user, 'one@example.com'])));

    await expect(approvalsMustHold(queued, asOne(['U1ADA', 'U1GRACE']), EVERYBODY)).rejects.toThrow(/requester’s own/);
    await expect(approvalsMustHold(queued, asOne(['U1GRACE', 'U1LINUS']), EVERYBODY)).rejects.toThrow(/1 of 2 votes/);
    await expect(mustBeApprover(asked(), GRACE, asOne(['U1ADA', 'U1GRACE']))).rejects.toThrow(/one Kubernetes user/);
  });

  test('a vote counts only for the plan that was on the card', async () => {
    await expect(approvalsMustHold({ ...queued, digest: 'other' }, door(RULE), EVERYBODY)).rejects.toThrow(
      /another plan/,
    );
  });

  test('a change that was confirmed alone is void when a rule asks for more now', async () => {
    const alone: ChangeRecord = { ...AWAITING, state: 'queued' };

    await expect(approvalsMustHold(alone, door(RULE), EVERYBODY)).rejects.toThrow(/asks for an approval/);
  });
});
