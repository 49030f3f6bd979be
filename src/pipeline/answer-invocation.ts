import type { Access } from '../access/access.ts';
import type { Audit } from '../access/audit/audit.ts';
import type { Asked } from '../access/policy/asked.ts';
import type { Answer, Chat } from '../chat/chat.ts';
import type { Invocation } from '../chat/invocation.ts';
import type { Message } from '../chat/message.ts';
import { asShipmateError, UsageError, UserError } from '../errors.ts';
import { digestOf } from '../ids.ts';
import type { Shelf } from '../jobs/queues.ts';
import { afterwards, type Clock } from '../time.ts';
import { dryRunMessage, errorMessage } from './answers.ts';
import { typedDraft } from './audited.ts';
import { mustHaveReason } from './break-glass.ts';
import { type ChangeRecord, CONFIRM_WINDOW_MS } from './change.ts';
import type { Changes } from './changes.ts';
import type { AnyChange, AnyCommand, AnyRead, FollowContext, House, Plan } from './definition.ts';
import { type Met, sayTo } from './door.ts';
import { commandHelp, familyHelp } from './help.ts';
import { type LineWord, wordsFor } from './line.ts';
import { keepPages, withPages } from './pages.ts';
import { type Parsed, parseLine } from './parse.ts';
import type { Registry } from './registry.ts';

/** A read that takes longer shows that it is being worked on. */
const SLOW_MS = 2_500;
const READ_DEADLINE_MS = 60_000;
const ANSWER_TTL_MS = 30 * 60_000;

export interface AnswerDeps {
  readonly access: Pick<Access, 'gate'>;
  readonly chat: Chat;
  readonly registry: Registry;
  readonly changes: Changes;
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly house: House;
  /** Reads and refusals are told to it; changes tell it themselves. */
  readonly audit: Pick<Audit, 'read' | 'refused'>;
  /** Who asks, and where. */
  meet(invocation: Invocation): Promise<Met>;
  normalise(raw: string): readonly LineWord[];
  /** @returns what was asked of the policy. @throws PermissionError */
  authorise(invocation: Invocation, command: AnyCommand, args: Record<string, unknown>): Promise<readonly Asked[]>;
  /** Limits, now that it is known how far the change goes. @returns the plan as it is kept. @throws PermissionError */
  authorisePlan(invocation: Invocation, command: AnyChange, plan: Plan, asked: readonly Asked[]): Promise<Plan>;
  /** The right to do without an approval. @throws PermissionError */
  authoriseBreakGlass(invocation: Invocation): Promise<void>;
  contextOf(invocation: Invocation, signal: AbortSignal): FollowContext;
  /** Called with how it ended, for metrics. */
  done(command: string, outcome: string, startedAt: number): void;
}

/**
 * The life of one invocation: understand, check the right, then answer (a read) or plan and ask (a change). Redelivered ones are safe:
 * a read may run twice but is answered once, and a change's document is created only once.
 * @throws only when Slack or Redis did not take the answer; the job is retried and then only delivers the kept answer.
 */
export async function answerInvocation(
  invocation: Invocation,
  delivery: number,
  signal: AbortSignal,
  deps: AnswerDeps,
): Promise<void> {
  if (delivery > 1) {
    const kept = await deps.shelf.get<KeptAnswer>(`answer.${invocation.id}`);
    if (kept) return await deliver(invocation, kept, deps);
  }
  const kept = await work(invocation, signal, deps);
  if (kept) await deliver(invocation, kept, deps);
}

interface KeptAnswer {
  readonly message: Message;
  readonly isPublic: boolean;
  /** In a direct message, because outsiders read along in the channel. */
  readonly isDirect?: boolean;
  readonly replaces?: Answer | undefined;
  readonly delivered?: boolean;
}

/** Keeps the answer first, so that a refused Slack message never runs the command again. */
async function deliver(invocation: Invocation, kept: KeptAnswer, deps: AnswerDeps): Promise<void> {
  if (kept.delivered) return;
  const key = `answer.${invocation.id}`;
  try {
    if (kept.isDirect) await sayTo(deps.chat, invocation, kept.message, true);
    else if (kept.replaces) await deps.chat.replace(kept.replaces, kept.message);
    else await deps.chat.answer(invocation, kept.message, { isPublic: kept.isPublic });
  } catch (error) {
    await deps.shelf.put(key, kept, ANSWER_TTL_MS);
    throw error;
  }
  await deps.shelf
    .put(key, { message: { title: '' }, isPublic: false, delivered: true }, ANSWER_TTL_MS)
    .catch(() => undefined);
}

/** @returns the answer; undefined when a change's own message is the answer. */
async function work(invocation: Invocation, signal: AbortSignal, deps: AnswerDeps): Promise<KeptAnswer | undefined> {
  const startedAt = deps.clock();
  let name = 'unknown';
  const met = await deps.meet(invocation);
  if (met.refusal) {
    deps.done(name, 'failed', startedAt);
    tellRefusal(met.refusal, invocation, name, deps);
    return { message: errorMessage(met.refusal, invocation.id), isPublic: false, isDirect: met.isShared };
  }
  try {
    const words = deps.normalise(invocation.raw);
    const parsed = parseLine(wordsFor(words, 'read'), deps.registry);
    if (parsed.kind === 'help') {
      deps.done('help', 'succeeded', startedAt);
      return { message: helpFor(parsed, invocation, deps), isPublic: false };
    }
    name = parsed.command.name;
    if (parsed.command.risk === 'read') return await read(invocation, parsed.command, parsed, signal, deps);
    wordsFor(words, 'change');
    return await planChange(invocation, parsed.command, parsed, signal, deps);
  } catch (thrown) {
    signal.throwIfAborted();
    const { log } = deps.contextOf(invocation, signal);
    if (thrown instanceof UserError) log.debug({ reason: thrown.message, command: name }, 'command refused');
    else log.warn({ err: thrown, command: name }, 'command failed');
    deps.done(name, 'failed', startedAt);
    tellRefusal(thrown, invocation, name, deps);
    return { message: errorMessage(thrown, invocation.id), isPublic: false };
  }
}

function helpFor(parsed: Extract<Parsed, { kind: 'help' }>, invocation: Invocation, deps: AnswerDeps): Message {
  const context = {
    commands: deps.registry.commands,
    may: (command: AnyCommand) => deps.house.may(invocation.person, command),
  };
  return parsed.command ? commandHelp(parsed.command, context) : familyHelp(parsed.family, context);
}

type CommandLine = Extract<Parsed, { kind: 'command' }>;

async function read(
  invocation: Invocation,
  command: AnyRead,
  parsed: CommandLine,
  signal: AbortSignal,
  deps: AnswerDeps,
): Promise<KeptAnswer> {
  const startedAt = deps.clock();
  const within = AbortSignal.any([signal, AbortSignal.timeout(READ_DEADLINE_MS)]);
  const slow = showWhenSlow(invocation, parsed, deps);
  try {
    const asked = await deps.authorise(invocation, command, parsed.args);
    const result = await command.run(parsed.args, deps.contextOf(invocation, within));
    const message = withPages(invocation.id, result);
    const { log } = deps.contextOf(invocation, signal);
    // While the answer is on its way: nobody turns a page before they see it, and nobody waits for the books.
    afterwards(() => {
      keepPages({ message, user: invocation.person.user, asked, shown: parsed.shown }, deps.shelf).catch((error) =>
        log.warn({ err: error }, 'pages not kept; they cannot be turned'),
      );
      deps.done(command.name, 'succeeded', startedAt);
      tellRead(invocation, parsed, 'succeeded', deps);
    });
    return { message, isPublic: parsed.globals.isPublic, replaces: await slow.settle() };
  } catch (error) {
    deps.done(command.name, 'failed', startedAt);
    if (!tellRefusal(error, invocation, command.name, deps))
      tellRead(invocation, parsed, asShipmateError(error).code, deps);
    const late = within.aborted && !signal.aborted;
    const shown = late
      ? new UsageError(`No answer within ${READ_DEADLINE_MS / 1_000} s, so it was stopped.`, {
          hint: 'Narrow it with a name, -n or -l.',
        })
      : error;
    signal.throwIfAborted();
    return {
      message: errorMessage(shown, invocation.id),
      isPublic: parsed.globals.isPublic,
      replaces: await slow.settle(),
    };
  }
}

/** @returns whether it was one. */
function tellRefusal(thrown: unknown, invocation: Invocation, command: string, deps: AnswerDeps): boolean {
  const { code, message } = asShipmateError(thrown);
  if (code !== 'E_FORBIDDEN') return false;
  deps.audit.refused({ ...typedDraft(invocation, command, deps.clock()), result: code, said: message });
  return true;
}

function tellRead(invocation: Invocation, { command, shown }: CommandLine, result: string, deps: AnswerDeps): void {
  deps.audit.read({ ...typedDraft(invocation, command.name, deps.clock()), parsed: shown, result });
}

function showWhenSlow(
  invocation: Invocation,
  parsed: CommandLine,
  deps: AnswerDeps,
): { settle(): Promise<Answer | undefined> } {
  let shown: Promise<Answer | undefined> = Promise.resolve(undefined);
  const timer = setTimeout(() => {
    const message: Message = {
      status: 'running',
      title: `Working on ${parsed.command.name}`,
      parts: [{ kind: 'text', spans: [{ code: parsed.shown }] }],
    };
    shown = deps.chat.answer(invocation, message, { isPublic: parsed.globals.isPublic }).catch(() => undefined);
  }, SLOW_MS);
  return {
    async settle() {
      clearTimeout(timer);
      const note = await shown;
      // Slack posts anew where a slash command's own answer should be replaced (bolt-js#2287): the note stays, the answer comes after it.
      return note?.kind === 'message' ? note : undefined;
    },
  };
}

async function planChange(
  invocation: Invocation,
  command: AnyChange,
  parsed: CommandLine,
  signal: AbortSignal,
  deps: AnswerDeps,
): Promise<KeptAnswer | undefined> {
  const startedAt = deps.clock();
  const asked = await deps.authorise(invocation, command, parsed.args);
  const { breakGlass } = parsed.globals;
  if (breakGlass) {
    mustHaveReason(parsed.globals.reason);
    await deps.authoriseBreakGlass(invocation);
  }
  const planned = await command.plan(parsed.args, deps.contextOf(invocation, signal));
  if ('nothingToDo' in planned) {
    deps.done(command.name, 'no-change', startedAt);
    return { message: { status: 'no-change', ...planned.nothingToDo }, isPublic: false };
  }
  const plan = await deps.authorisePlan(invocation, command, planned, asked);
  if (parsed.globals.dryRun) return { message: dryRunMessage(plan, parsed.shown, invocation.id), isPublic: false };
  const now = deps.clock();
  const ahead = deps.access.gate(plan).approval;
  const record: ChangeRecord = {
    schemaVersion: 1,
    id: invocation.id,
    generation: 1,
    state: 'awaiting',
    command: command.name,
    shown: parsed.shown,
    raw: invocation.raw,
    reason: parsed.globals.reason,
    ...(breakGlass && { breakGlass }),
    ...(ahead && { ahead: { label: ahead.label, count: ahead.count } }),
    person: invocation.person,
    origin: {
      surface: invocation.surface,
      channel: invocation.channel,
      thread: invocation.thread,
      responseUrl: undefined,
      receivedAt: invocation.receivedAt,
    },
    plan,
    digest: digestOf(plan),
    createdAt: now,
    expiresAt: now + CONFIRM_WINDOW_MS,
  };
  await deps.changes.create(record);
  return undefined;
}
