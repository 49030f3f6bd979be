import type { AccessConfig } from '../../config/access.ts';
import type { Problem } from '../../config/problem.ts';
import { newId } from '../../ids.ts';
import type { Logger } from '../../log.ts';
import type { Store } from '../../state/store.ts';
import { type Clock, delay } from '../../time.ts';
import { type Access, createAccess } from '../access.ts';
import { type Claims, claimsOn } from './claim.ts';
import { cachedGroups, type ReadGroups } from './groups.ts';

const FIRST_ATTEMPT_MS = 3_000;

export interface PolicyDeps {
  readonly access: AccessConfig;
  /** Whether a config file was found at all. */
  readonly configured: boolean;
  homeTeam(): string | undefined;
  readonly readGroups: ReadGroups;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A config file as read anew. */
export interface Reread {
  readonly access?: AccessConfig | undefined;
  readonly problems: readonly Problem[];
  /** Keys beside `access` that differ from what runs. */
  readonly needsRestart: readonly string[];
}

/** The policy that is in force, and everything that keeps it true: reloading, user groups, the claim. */
export interface PolicyInForce {
  readonly access: Access;
  readonly claims: Claims;
  /** Reads groups and administrators; offers the claim where nobody could do anything. */
  start(): Promise<void>;
  /** Takes a re-read file into use, or keeps the old policy and says what is wrong. */
  reload(reread: Reread): void;
  /** Reads the user groups again when they are old; call it now and then. */
  refreshGroups(maxAgeMs: number): Promise<void>;
  /** One line for `/shipmate status`. */
  status(): { readonly ok: boolean; readonly detail: string };
  stop(): Promise<void>;
}

export function policyInForce(deps: PolicyDeps): PolicyInForce {
  const { log, clock, store } = deps;
  const groups = cachedGroups(deps.readGroups, clock);
  const claims = claimsOn(store, clock);
  const access = createAccess(deps.access, {
    homeTeam: deps.homeTeam,
    groups,
    claimed: () => claims.admins(),
    configured: deps.configured,
  });
  let current = deps.access;
  let problems: readonly Problem[] = [];
  let needsRestart: readonly string[] = [];
  const stopping = new AbortController();
  let following: { stop(): Promise<void> } | undefined;
  const usesGroups = (): boolean =>
    current.bindings.some((binding) => binding.groups.length > 0) ||
    current.approvals.rules.some((rule) => rule.approvers.groups.length > 0) ||
    (current.approvals.escalateTo?.groups.length ?? 0) > 0;
  const refreshGroups = async (maxAgeMs: number): Promise<void> => {
    if (!usesGroups()) return;
    const before = groups.problem();
    await groups.refresh(maxAgeMs);
    const problem = groups.problem();
    if (problem !== undefined && problem !== before) log.warn({ problem }, 'user groups');
  };

  const followClaims = async (): Promise<void> => {
    for (let pauseMs = 500; !stopping.signal.aborted; pauseMs = Math.min(10_000, pauseMs * 2)) {
      try {
        following ??= await claims.follow();
        if (access.isUnclaimed()) await offerClaim(claims, log);
        return;
      } catch (error) {
        log.warn({ err: error }, 'administrators by claim are not known yet; trying again');
        await delay(pauseMs, stopping.signal).catch(() => undefined);
      }
    }
  };

  return {
    access,
    claims,
    refreshGroups,
    async start() {
      void refreshGroups(0);
      const begun = followClaims();
      // The first attempt is waited for; while etcd is away the rest goes on by itself.
      await Promise.race([begun, delay(FIRST_ATTEMPT_MS)]);
    },
    reload(reread) {
      problems = reread.problems;
      needsRestart = reread.needsRestart;
      for (const { where, message, fix } of problems) log.error({ where, fix }, `config: ${message}`);
      if (!reread.access) {
        log.error({ problems: problems.length }, 'the changed config is wrong; the old policy stays in force');
        return;
      }
      current = reread.access;
      access.use(current);
      log.info({ people: current.people.length, bindings: current.bindings.length }, 'the new policy is in force');
      if (needsRestart.length > 0) log.warn({ keys: needsRestart }, 'these keys changed, too; they need a restart');
      void refreshGroups(0);
    },
    status() {
      const groupProblem = usesGroups() ? groups.problem() : undefined;
      const [first, ...more] = problems;
      const sentences = [
        first &&
          `wrong, the old one stays: ${first.where.split('/').at(-1)} ${first.message}${more.length > 0 ? ` (and ${more.length} more, see the log)` : ''}`,
        groupProblem,
        needsRestart.length > 0 ? `changed, but in force only after a restart: ${needsRestart.join(', ')}` : undefined,
      ].filter((sentence) => sentence !== undefined);
      const { people, bindings, deny, cluster } = current;
      const asking = cluster.mode === 'off' ? '' : `clusters ${cluster.mode}, `;
      const summary = `${asking}${people.length} people, ${Object.keys(current.roles).length} roles, ${bindings.length} bindings, ${deny.length} deny rules, ${current.approvals.rules.length} approval rules`;
      return { ok: first === undefined && groupProblem === undefined, detail: [...sentences, summary].join('; ') };
    },
    async stop() {
      stopping.abort(new Error('stopping'));
      await following?.stop();
    },
  };
}

/** On the log and nowhere else: who can read it can also change the config. */
async function offerClaim(claims: Claims, log: Logger): Promise<void> {
  const code = newId()
    .slice(1)
    .replace(/(.{4})(?=.)/g, '$1-');
  const { expiresAt, isOurs } = await claims.offer(code);
  const until = new Date(expiresAt).toISOString();
  if (isOurs)
    log.warn(
      { until },
      `Nobody may use Shipmate yet. To become its administrator, type in Slack: /shipmate claim ${code}`,
    );
  else
    log.warn(
      { until },
      'Nobody may use Shipmate yet. The code to claim it was logged earlier, by this or another replica',
    );
}
