import type { Logger } from '../log.ts';
import { type Clock, delay } from '../time.ts';

/**
 * The dead-man's switch: while Shipmate watches, it calls a URL; something else must notice when the calls stop (healthchecks.io, Dead
 * Man's Snitch, an Uptime Kuma push monitor). A process that lives but does not see must be taken for dead, so it does not call.
 */
export interface Deadman {
  /** Since when no call has succeeded, epoch ms; 0 while they do. */
  failingSince(): number;
  /** Resolves once the signal has aborted. */
  readonly done: Promise<void>;
}

export interface DeadmanDeps {
  readonly url: string;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** One request; rejects unless it was answered with 2xx. */
  call(url: string, signal: AbortSignal): Promise<void>;
  /** Whether this process watches, and what it watches flows. */
  isWatching(): boolean;
  readonly signal: AbortSignal;
}

const CALL_TIMEOUT_MS = 10_000;

export function startDeadman(deps: DeadmanDeps): Deadman {
  let failingSince = 0;
  async function ping(): Promise<void> {
    try {
      await deps.call(deps.url, AbortSignal.any([deps.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]));
      if (failingSince > 0) deps.log.info('the sign of life gets out again');
      failingSince = 0;
    } catch (error) {
      if (deps.signal.aborted) return;
      // The URL is a secret for most services: whoever has it can feign a living Shipmate. It is not logged.
      if (failingSince === 0) deps.log.warn({ err: error }, 'the sign of life did not get out');
      failingSince ||= deps.clock();
    }
  }
  async function run(): Promise<void> {
    while (!deps.signal.aborted) {
      if (deps.isWatching()) await ping();
      await delay(deps.everyMs, deps.signal).catch(() => undefined);
    }
  }
  return { failingSince: () => failingSince, done: run() };
}
