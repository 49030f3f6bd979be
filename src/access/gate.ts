import type { Approvers } from '../config/approvals.ts';
import { digestOf } from '../ids.ts';
import type { Asked } from './policy/asked.ts';
import type { CompiledApprovals } from './policy/compile.ts';
import { touches } from './policy/decide.ts';

/**
 * What stands between a plan and its execution, beside the requester's own yes. Pure: the same plan under the same config always meets
 * the same gate, so the worker can ask again and compare.
 */
export interface Gate {
  /** The requester types the object's name instead of only pressing a button. */
  readonly typed: boolean;
  /** Others must say yes. */
  readonly approval?: ApprovalDemand | undefined;
}

/** Tiers of what has an effect. */
export type ChangeTier = 'low' | 'high' | 'destructive';

export interface ApprovalDemand {
  /** How people find it in the config: `approval rule 1`. */
  readonly label: string;
  /** Over everything that the yes depends on: when it is another one later, the request is void. */
  readonly digest: string;
  readonly approvers: Approvers;
  readonly count: number;
  readonly expiresMs: number;
  readonly escalation?: { readonly afterMs: number; readonly to: Approvers } | undefined;
}

/**
 * The first approval rule that the change touches decides who says yes. A destructive change that no rule touches falls to the
 * administrators as soon as there are rules at all; without any rule it is confirmed by typing the object's name.
 */
export function gateOf(
  plan: { readonly risk: ChangeTier; readonly asked?: readonly Asked[] | undefined },
  approvals: CompiledApprovals,
  administrators: readonly string[],
): Gate {
  const { rules } = approvals;
  const rule = rules.find(({ permits, scope }) =>
    (plan.asked ?? []).some(
      (asked) => asked.permission !== undefined && permits(asked.permission) && touches(scope, asked),
    ),
  );
  if (rule) return { typed: false, approval: demand(rule.scope.label, rule.approvers, rule.count, approvals) };
  if (plan.risk !== 'destructive') return { typed: false };
  if (rules.length === 0 || administrators.length === 0) return { typed: true };
  return {
    typed: false,
    approval: demand('destructive changes', { users: [...administrators], groups: [] }, 1, approvals),
  };
}

function demand(label: string, approvers: Approvers, count: number, approvals: CompiledApprovals): ApprovalDemand {
  const { expiresMs, escalation } = approvals;
  return { label, approvers, count, expiresMs, escalation, digest: digestOf({ label, approvers, count }) };
}

/** What the requester must type to confirm a destructive plan: the name of its one object, or how many objects it has. Pure. */
export function nameToType(plan: {
  readonly cluster?: string | undefined;
  readonly targets: readonly string[];
}): string {
  const [target = '', ...more] = plan.targets;
  if (more.length > 0) return String(plan.targets.length);
  return plan.cluster === undefined ? target : target.slice(target.indexOf('/') + 1);
}
