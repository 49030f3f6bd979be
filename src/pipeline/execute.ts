import type { ApiCall } from '../access/audit/entry.ts';
import { asShipmateError, UnavailableError, UserError } from '../errors.ts';
import { digestOf } from '../ids.ts';
import { type Clock, delay } from '../time.ts';
import type { Progress } from './card.ts';
import { acted, type ChangeRecord, finish, start } from './change.ts';
import type { Changes } from './changes.ts';
import type { AnyChange, CommandContext, Effect, Outcome } from './definition.ts';

/** How long an unreachable cluster is asked again before the outcome is called unknown. */
const PATIENCE_MS = 60_000;
/** How long an outcome waits for Shipmate's own etcd before another worker has to find it out again. */
const SETTLE_PATIENCE_MS = 60_000;
const FOLLOW_PATIENCE_MS = 10 * 60_000;

export interface ExecuteDeps {
  readonly changes: Changes;
  /** This process, for the marker. */
  readonly worker: string;
  readonly clock: Clock;
  /** @throws NotFoundError when a command was removed while its change waited. */
  commandOf(record: ChangeRecord): AnyChange;
  contextOf(record: ChangeRecord, signal: AbortSignal): CommandContext;
  /** Rights once more, now. @throws PermissionError */
  authorise(record: ChangeRecord): Promise<void>;
  progress(record: ChangeRecord, progress: Progress): void;
  /** Writes down what is about to be done. @throws UnavailableError when that was not possible: then nothing is done. */
  intend(record: ChangeRecord): Promise<void>;
  /** The calls of this attempt that could change something. */
  calls(record: ChangeRecord): readonly ApiCall[];
}

type Ended = Outcome & { hint?: string | undefined };

/**
 * Runs one confirmed change to its outcome. May be called again for the same change, by this or another process, after a crash at any
 * point: the marker says that an attempt was begun, the command's `verify` says whether it had its effect, the plan's preconditions make
 * sure that a second attempt cannot have a second one.
 *
 * @throws only when the work should be handed over (shutdown, Shipmate's own etcd away); the sweeper queues it again.
 */
export async function executeChange(id: string, signal: AbortSignal, deps: ExecuteDeps): Promise<void> {
  const record = await deps.changes.apply(id, (found) => start(found, deps.worker, deps.clock()));
  if (!record) return;
  const ended = await runToOutcome(record, signal, deps);
  signal.throwIfAborted();
  await settle(id, { ...ended, calls: deps.calls(record) }, signal, deps);
}

/** A decided outcome is not lost to a moment without etcd: above all not "nothing was done", which another worker would do after all. */
async function settle(id: string, ended: Ended, signal: AbortSignal, deps: ExecuteDeps): Promise<void> {
  const giveUpAt = deps.clock() + SETTLE_PATIENCE_MS;
  for (;;) {
    try {
      await deps.changes.apply(id, (found) =>
        found.state === 'running' ? finish(found, ended, deps.clock()) : undefined,
      );
      return;
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof UnavailableError) || deps.clock() >= giveUpAt) throw thrown;
      await delay(500, signal);
    }
  }
}

async function runToOutcome(record: ChangeRecord, signal: AbortSignal, deps: ExecuteDeps): Promise<Ended> {
  try {
    const command = deps.commandOf(record);
    if (digestOf(record.plan) !== record.digest)
      return failed(
        'The stored plan is not the one that was confirmed; nothing was changed.',
        'Run the command again, and tell whoever keeps Shipmate’s etcd.',
      );
    if (!record.effect) await deps.authorise(record);
    const context = deps.contextOf(record, signal);
    const effect = record.effect ?? (await haveEffect(record, command, context, deps));
    if (!('said' in effect)) return effect;
    return await followToEnd({ ...record, effect: { ...effect, at: deps.clock() } }, effect, command, context, deps);
  } catch (thrown) {
    signal.throwIfAborted();
    const error = asShipmateError(thrown);
    deps.contextOf(record, signal).log.info({ err: thrown, change: record.id }, 'change failed');
    return failed(error.message, error.hint);
  }
}

function failed(title: string, hint?: string): Ended {
  return { status: 'failed', title, hint };
}

/** Acts at most once to effect. @returns the effect, or the outcome when there is none to be had. */
async function haveEffect(
  record: ChangeRecord,
  command: AnyChange,
  context: CommandContext,
  deps: ExecuteDeps,
): Promise<Effect | Ended> {
  const giveUpAt = deps.clock() + PATIENCE_MS;
  let mayHaveActed = (record.marker?.attempts ?? 1) > 1;
  let isIntended = false;
  for (let attempt = 0; ; attempt++) {
    try {
      if (mayHaveActed) {
        const verdict = await command.verify(record.plan, context);
        if (verdict.applied === 'unknown')
          return {
            status: 'unknown',
            title: 'The outcome is unknown',
            message: { parts: [{ kind: 'text', spans: [`Checked: ${verdict.found}`] }] },
            hint: 'Look at the object before you try again.',
          };
        if (verdict.applied) return await remember(record, verdict.effect, deps);
      }
      if (!isIntended) {
        const refused = await intend(record, context, deps);
        if (refused) return refused;
      }
      isIntended = true;
      mayHaveActed = true;
      return await remember(record, await command.act(record.plan, context), deps);
    } catch (thrown) {
      context.signal.throwIfAborted();
      if (thrown instanceof UserError)
        return await refusedOrDone(
          thrown,
          attempt > 0 || (record.marker?.attempts ?? 1) > 1,
          record,
          command,
          context,
          deps,
        );
      if (!(thrown instanceof UnavailableError)) throw thrown;
      if (deps.clock() >= giveUpAt) {
        return {
          status: 'unknown',
          title: 'The outcome is unknown',
          message: { parts: [{ kind: 'text', spans: [`Checked: ${thrown.message}`] }] },
          hint: 'Look at the object when the system is back, before you try again.',
        };
      }
      await delay(Math.min(500 * 2 ** attempt, 8_000), context.signal);
    }
  }
}

/** No act without its entry in the audit. @returns the outcome when the entry could not be written. */
async function intend(record: ChangeRecord, context: CommandContext, deps: ExecuteDeps): Promise<Ended | undefined> {
  try {
    await deps.intend(record);
    return undefined;
  } catch (thrown) {
    context.signal.throwIfAborted();
    context.log.warn({ err: thrown, change: record.id }, 'the intent could not be written to the audit log');
    return failed(
      'The audit log could not be written, so nothing was changed.',
      'Look at `/shipmate status`; run the command again when etcd answers.',
    );
  }
}

/** A refusal after an unanswered attempt may be the echo of our own success: look once more before calling it a failure. */
async function refusedOrDone(
  refusal: UserError,
  mayBeEcho: boolean,
  record: ChangeRecord,
  command: AnyChange,
  context: CommandContext,
  deps: ExecuteDeps,
): Promise<Effect | Ended> {
  if (mayBeEcho) {
    const verdict = await command.verify(record.plan, context);
    if (verdict.applied === true) return await remember(record, verdict.effect, deps);
  }
  return failed(refusal.message, refusal.hint);
}

async function remember(record: ChangeRecord, effect: Effect, deps: ExecuteDeps): Promise<Effect> {
  await deps.changes.apply(record.id, (found) =>
    found.state === 'running' && !found.effect
      ? acted(found, { ...effect, calls: deps.calls(found) }, deps.clock())
      : undefined,
  );
  return effect;
}

/** Only reads, so an unreachable cluster is simply asked again. */
async function followToEnd(
  record: ChangeRecord,
  effect: Effect,
  command: AnyChange,
  context: CommandContext,
  deps: ExecuteDeps,
): Promise<Ended> {
  if (!command.follow) return { status: 'succeeded', title: effect.said };
  const giveUpAt = deps.clock() + FOLLOW_PATIENCE_MS;
  let isFollowing = true;
  const progress = (state: Progress): void => {
    if (isFollowing) deps.progress(record, state);
  };
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        return await command.follow(record.plan, effect, { ...context, progress });
      } catch (thrown) {
        context.signal.throwIfAborted();
        const error = asShipmateError(thrown);
        if (!(error instanceof UnavailableError) || deps.clock() >= giveUpAt) {
          return {
            status: 'unknown',
            title: `${effect.said}; how it went on is not known`,
            message: { parts: [{ kind: 'text', spans: [error.message] }] },
            hint: error.hint,
          };
        }
        await delay(Math.min(500 * 2 ** attempt, 8_000), context.signal);
      }
    }
  } finally {
    isFollowing = false;
  }
}
