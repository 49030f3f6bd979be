import type { Access } from '../access/access.ts';
import type { Identity } from '../access/identity/identity.ts';
import type { Person } from '../chat/invocation.ts';
import { ApprovalError, PermissionError } from '../errors.ts';
import { approversOf, isOwn } from './approval.ts';
import type { ChangeRecord } from './change.ts';

/** Why the approval that was asked for is not the one that the rules ask for now. Pure but for the policy. */
export function driftOf(record: ChangeRecord, access: Pick<Access, 'gate'>): string | undefined {
  const demanded = access.gate(record.plan).approval;
  if (record.review || demanded?.digest === record.approval?.digest) return undefined;
  if (!record.approval) return `since then ${demanded?.label} asks for an approval`;
  if (!demanded) return `${record.approval.label} no longer asks for it`;
  return `${record.approval.label} has changed since it was asked for`;
}

/** @throws PermissionError when this person may not decide about this change now. */
export async function mustBeApprover(
  record: ChangeRecord,
  person: Person,
  access: Pick<Access, 'isOneOf' | 'standing'>,
): Promise<void> {
  const { approval } = record;
  // One's own request is refused with its own words, by the transition.
  if (!approval || isOwn(record, person)) return;
  if (humanOf(person, access) === humanOf(record.person, access)) {
    throw new ApprovalError('Nobody approves their own request: you and the requester are one Kubernetes user.', {
      hint: 'Ask one of the other approvers named on the card.',
    });
  }
  if (await access.isOneOf(person, approversOf(approval))) return;
  throw new PermissionError(`You are not one of the approvers of ${approval.label}.`, {
    hint: 'They are named on the card; access.approvals in shipmate.yaml says who they are.',
  });
}

/** Approvers of what was skipped, as the rules are now, and administrators. @throws PermissionError */
export async function mustBeReviewer(
  record: ChangeRecord,
  person: Person,
  access: Pick<Access, 'gate' | 'isOneOf' | 'isAdministrator' | 'may'>,
): Promise<void> {
  const demanded = access.gate(record.plan).approval;
  if (access.isAdministrator(person) || access.may(person, 'shipmate:admin')) return;
  if (demanded && (await access.isOneOf(person, demanded.approvers))) return;
  throw new PermissionError('You are not one of those who review this.', {
    hint: 'The approvers of the rule that was skipped do, and administrators.',
  });
}

/**
 * Before acting: the approvals still count (T16). The rule is the one that was asked for, each vote is about this very plan, and each voter
 * still may.
 * @throws ApprovalError that says what changed.
 */
export async function approvalsMustHold(
  record: ChangeRecord,
  access: Pick<Access, 'gate' | 'isOneOf' | 'standing'>,
  identity: Pick<Identity, 'admit'>,
): Promise<void> {
  const why = driftOf(record, access) ?? (await invalidVote(record, access, identity));
  if (why === undefined) return;
  throw new ApprovalError(`The approval is void: ${why}; nothing was changed.`, {
    hint: 'Run the command again: it is then asked for under the rules as they are now.',
  });
}

async function invalidVote(
  record: ChangeRecord,
  access: Pick<Access, 'isOneOf' | 'standing'>,
  identity: Pick<Identity, 'admit'>,
): Promise<string | undefined> {
  const { approval } = record;
  if (!approval || record.review) return undefined;
  const voters = new Set<string>();
  for (const { by, choice, digest } of approval.votes) {
    if (choice === 'deny') return 'it was denied';
    if (digest !== record.digest) return 'a vote is about another plan';
    if (isOwn(record, by) || humanOf(by, access) === humanOf(record.person, access))
      return 'a vote is the requester’s own';
    if (!(await access.isOneOf(by, approversOf(approval)))) return `${by.user} is no longer one of the approvers`;
    if (!(await isAdmitted(by, identity))) return `${by.user} is not let in any more`;
    voters.add(humanOf(by, access));
  }
  return voters.size >= approval.count ? undefined : `it has ${voters.size} of ${approval.count} votes`;
}

/** Two Slack accounts that the config maps to one Kubernetes user are one human (T20); else the Slack account is. */
function humanOf(person: Person, access: Pick<Access, 'standing'>): string {
  const standing = access.standing(person);
  const mapped = standing.mode === 'off' ? undefined : standing.identity?.user;
  return mapped === undefined
    ? `slack ${person.enterprise ?? ''} ${person.team} ${person.user}`
    : `kubernetes ${mapped}`;
}

/** Who has left since then no longer speaks for the company. */
async function isAdmitted(person: Person, identity: Pick<Identity, 'admit'>): Promise<boolean> {
  try {
    await identity.admit(person, 'fresh');
    return true;
  } catch (thrown) {
    if (thrown instanceof PermissionError) return false;
    throw thrown;
  }
}
