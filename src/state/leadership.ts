import { delay } from '../time.ts';
import { enterClaim } from './claim.ts';
import type { StateConnection } from './etcd-store.ts';
import type { Change, Leadership } from './store.ts';

export interface LeadershipOptions {
  /** This process, as others see it: host name and pid. */
  readonly owner: string;
  /** Default 10 s: a crashed leader is replaced within that; a stopped one at once. */
  readonly ttlSeconds?: number;
}

/** What `lead` gets. `check` makes a commit fail once somebody else leads. */
export interface Term {
  readonly fence: string;
  readonly signal: AbortSignal;
  readonly check: Change;
}

/** After a lost term or a failed attempt, so that a broken leader does not spin. */
const PAUSE_MS = 500;

/**
 * Leadership by role, in etcdctl's election format under `leaders/<role>` (`etcdctl elect -l shipmate/v1/leaders/<role>` names the leader).
 *
 *   campaigning ──first in the queue──▶ leading ──signal, stop or `lead` returned──▶ campaigning (or stopped)
 *
 * One process never runs `lead` twice at once: a lost term is waited for before the next campaign.
 */
export function openLeadership(state: StateConnection, options: LeadershipOptions): Leadership {
  const { log } = state.options;
  const ttlSeconds = options.ttlSeconds ?? 10;
  return {
    campaign(role, lead) {
      const stopping = new AbortController();
      let isLeading = false;
      const term = async (): Promise<void> => {
        const claim = await enterClaim(state, { path: `leaders/${role}`, owner: options.owner, ttlSeconds });
        try {
          await Promise.race([claim.first, rejectOn(stopping.signal)]);
          const signal = AbortSignal.any([claim.signal, stopping.signal]);
          const end = () => {
            isLeading = false;
          };
          signal.addEventListener('abort', end, { once: true });
          isLeading = !signal.aborted;
          log.info({ role, fence: claim.fence }, 'Leading.');
          await lead({ fence: claim.fence, signal, check: claim.check } satisfies Term);
        } finally {
          isLeading = false;
          await claim.release();
          log.info({ role, fence: claim.fence }, 'No longer leading or waiting.');
        }
      };
      const loop = async (): Promise<void> => {
        while (!stopping.signal.aborted) {
          await term().catch((error: unknown) => {
            if (!stopping.signal.aborted)
              log.warn({ role, err: error }, 'A term of leadership ended; campaigning again.');
          });
          await delay(PAUSE_MS, stopping.signal).catch(() => {});
        }
      };
      const running = loop();
      return {
        isLeader: () => isLeading,
        stop: async () => {
          stopping.abort(new Error('stopping'));
          await running;
        },
      };
    },
  };
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
