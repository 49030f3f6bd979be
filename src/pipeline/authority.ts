import type { Access } from '../access/access.ts';
import type { Identity } from '../access/identity/identity.ts';
import type { Asked, Facts } from '../access/policy/asked.ts';
import type { Person } from '../chat/invocation.ts';
import type { Shelf } from '../jobs/queues.ts';
import type { Logger } from '../log.ts';
import { afterwards, type Clock } from '../time.ts';
import { anywhere, askedOf, type World } from './asked.ts';
import { reviewInClusters, withVerbs } from './cluster-rights.ts';
import { because, keepDecision } from './decisions.ts';
import type { AnyChange, AnyCommand, Plan, RiskTier } from './definition.ts';

export interface AuthorityDeps extends World {
  readonly access: Access;
  readonly identity: Identity;
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly log: Logger;
}

/** One question at one point of an invocation's life. */
export interface Question {
  /** The invocation or change, for `/shipmate why`. */
  readonly id: string;
  readonly stage: 'command' | 'plan' | 'button' | 'page' | 'execution';
  readonly person: Person;
  readonly channel?: string | undefined;
  readonly facts?: Facts | undefined;
}

/** Asks the policy wherever the pipeline must, and keeps what it said. */
export interface Authority {
  /** @throws PermissionError, or what naming an unknown cluster or kind throws. @returns what was asked. */
  command(question: Question, command: AnyCommand, args: Record<string, unknown>): Promise<readonly Asked[]>;
  /** The plan with what was asked in it, its risk raised where the config protects what it touches. @throws PermissionError */
  plan(question: Question, command: AnyChange, plan: Plan, asked: readonly Asked[]): Promise<Plan>;
  /** What was asked before, asked again now. @throws PermissionError */
  again(question: Question, asked: readonly Asked[]): Promise<void>;
}

export function createAuthority(deps: AuthorityDeps): Authority {
  const again = async (question: Question, asked: readonly Asked[]): Promise<void> => {
    const { id, stage, person, channel, facts } = question;
    if (stage === 'execution') await deps.identity.admit(person, 'fresh');
    const judgement = await deps.access.judge(person, asked, {
      channel,
      facts,
      isLastWord: stage === 'button' || stage === 'execution',
    });
    const note = {
      at: deps.clock(),
      stage,
      person: { team: person.team, user: person.user },
      asked,
      allowed: judgement.allowed,
      because: because(judgement),
    };
    // Convenience, not the record: that is the audit. Nobody waits for it.
    afterwards(() => {
      keepDecision(deps.shelf, id, note).catch((error) => deps.log.debug({ err: error }, 'decision not kept for why'));
    });
    if (!judgement.allowed) throw deps.access.refusal(person, judgement);
    // A button may only stop something, and what it starts is asked about at execution; a plan was, a moment ago, as a command.
    if (stage !== 'plan' && stage !== 'button') await reviewInClusters(deps, person, asked);
  };
  return {
    again,
    async command(question, command, args) {
      const { person } = question;
      if (command.risk !== 'read') await deps.identity.admit(person, 'known');
      // Without the permission anywhere, nothing is looked up in a cluster on this person's behalf.
      if (!deps.access.may(person, command.permission)) await again(question, anywhere(command));
      const isReviewed = deps.access.standing(person).mode === 'review';
      const found = await askedOf(command, args, deps, isReviewed || !deps.access.mayEverything(person));
      const asked = isReviewed ? withVerbs(command, found) : found;
      await again(question, asked);
      return asked;
    },
    async plan(question, command, plan, asked) {
      await again({ ...question, facts: command.facts?.(plan) }, asked);
      return { ...plan, asked, risk: deps.access.isProtected(plan) ? raised(plan.risk) : plan.risk };
    },
  };
}

function raised(risk: Exclude<RiskTier, 'read'>): Exclude<RiskTier, 'read'> {
  return risk === 'low' ? 'high' : 'destructive';
}
