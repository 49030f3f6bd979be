import { hostname } from 'node:os';
import type { Access } from '../access/access.ts';
import type { Audit } from '../access/audit/audit.ts';
import type { Identity } from '../access/identity/identity.ts';
import type { Asked, Facts } from '../access/policy/asked.ts';
import type { Chat } from '../chat/chat.ts';
import type { ButtonPress, Inbox, Invocation, Person } from '../chat/invocation.ts';
import { NotFoundError } from '../errors.ts';
import type { EtcdClusters } from '../etcd/etcd-cluster.ts';
import { newId } from '../ids.ts';
import type { Job, JobContext, Queues } from '../jobs/queues.ts';
import type { Clusters } from '../kubernetes/cluster.ts';
import type { Logger } from '../log.ts';
import { pending } from '../state/outbox.ts';
import type { Store } from '../state/store.ts';
import type { Clock } from '../time.ts';
import { actingAs } from './acting-as.ts';
import { answerInvocation } from './answer-invocation.ts';
import { errorMessage } from './answers.ts';
import { approvalsMustHold } from './approval-check.ts';
import { anywhere } from './asked.ts';
import { AUDIT_LINE, intentOf, stepWrites } from './audited.ts';
import { createAuthority } from './authority.ts';
import { BREAK_GLASS } from './break-glass.ts';
import { changeCard, type Progress } from './card.ts';
import { type ChangeRecord, isOver } from './change.ts';
import { APPROVAL_CARD, changesOn, REVIEW_CARD } from './changes.ts';
import { createCourier } from './courier.ts';
import type { AnyChange, AnyCommand, CommandContext, House } from './definition.ts';
import { type DialogDeps, handleSubmission } from './dialogs.ts';
import { meet } from './door.ts';
import { deservesReply, ENDING, endingWrites } from './ending.ts';
import { executeChange } from './execute.ts';
import { followOutbox } from './follow-outbox.ts';
import { showHome } from './home.ts';
import { intake, invocationJob } from './intake.ts';
import type { LineWord } from './line.ts';
import { handlePress } from './presses.ts';
import { recordCalls } from './recorded-calls.ts';
import type { Registry } from './registry.ts';
import { approvalCard, renderersOf } from './renderings.ts';
import { summonsOf, summonsWrites } from './summons.ts';
import { startSweeping } from './sweep.ts';
import type { Doors, Wing } from './wing.ts';

export interface PipelineDeps {
  readonly registry: Registry;
  readonly access: Access;
  readonly identity: Identity;
  readonly chat: Chat;
  readonly store: Store;
  readonly queues: Queues;
  readonly clusters: Clusters;
  readonly etcds: EtcdClusters;
  readonly clock: Clock;
  readonly log: Logger;
  readonly house: House;
  readonly audit: Audit;
  /** Where the audit says one line for each change. */
  readonly auditChannel: string | undefined;
  /** Where approvals are asked for, beside the channel of the command. */
  readonly approvalsChannel: string | undefined;
  normalise(raw: string): readonly LineWord[];
  isRefusedChannel(error: unknown): boolean;
  isGoneMessage(error: unknown): boolean;
  measured(command: string, outcome: string, seconds: number): void;
  /** Other domains' buttons and messages; called once, with what the pipeline lends them. */
  wings?(doors: Doors): readonly Wing[];
}

export interface Pipeline {
  /** Where Slack's deliveries go (role `gateway`). */
  readonly inbox: Inbox;
  /** Starts taking jobs and sweeping (role `worker`). */
  work(): Promise<{ stop(deadlineMs: number): Promise<void> }>;
  /** Whatever the role: says no more, once what is on its way to Slack is there or the time is up. */
  quiet(withinMs: number): Promise<void>;
}

const READS_AT_ONCE = 20;
const CHANGES_AT_ONCE = 10;
const PASSING_MS = 250;
/** Buttons that only show or stop something; for every other one Slack is asked anew who clicks. */
const SAFE_PRESSES = new Set(['cancel', 'next', 'prev', 'wide', 'narrow']);

/** Wires one replica's part of an invocation's life together; every decision is in the files beside this one. */
export function createPipeline(deps: PipelineDeps): Pipeline {
  const worker = `${hostname()}-${process.pid}-${newId()}`;
  /** How far running changes are, for every rendering of their message; only this process's own. */
  const progress = new Map<string, Progress>();
  const moved = (record: ChangeRecord, before?: ChangeRecord): void => {
    // Most changes are queued, running and over within a blink; showing each would only delay the outcome behind Slack's pace of edits.
    const isPassing = record.state === 'queued' || record.state === 'running';
    courier.kick('change', record.id, isPassing ? PASSING_MS : 0);
    if (record.approval?.channel !== undefined) courier.kick(APPROVAL_CARD, record.id, isPassing ? PASSING_MS : 0);
    if (record.review) courier.kick(REVIEW_CARD, record.id, isPassing ? PASSING_MS : 0);
    const called = summonsOf(before, record);
    if (called !== undefined) courier.kick(called, record.id, PASSING_MS);
    deps.audit.written();
    if (!isOver(record) || record.review?.signed) return;
    if (deps.auditChannel !== undefined) courier.kick(AUDIT_LINE, record.id);
    if (deservesReply(record)) courier.kick(ENDING, record.id, PASSING_MS);
    progress.delete(record.id);
    deps.measured(record.command, record.state, (deps.clock() - record.createdAt) / 1_000);
  };
  const audited = stepWrites(deps.audit, deps.auditChannel);
  const changes = changesOn(deps.store, moved, (before, after) => [
    ...audited(before, after),
    ...endingWrites(after),
    ...summonsWrites(before, after),
  ]);
  const renderers = { ...renderersOf({ ...deps, changes, progressOf: (id) => progress.get(id) }) };
  const courier = createCourier(renderers, {
    ...deps,
    worker,
    pending: (limit, kind, after) => pending(deps.store, limit, kind, after),
    isShared: (channel) => deps.identity.isShared(channel),
  });

  const contextOf = (invocation: string, person: Person, signal: AbortSignal): CommandContext => ({
    invocation,
    person,
    signal,
    clusters: actingAs(deps.clusters, person, () => deps.access.standing(person)),
    etcds: deps.etcds,
    clock: deps.clock,
    log: deps.log.child({ invocation }),
    house: deps.house,
  });
  const authority = createAuthority({ ...deps, shelf: deps.queues.shelf });
  /** The limits are asked about the plan that was confirmed, so its digest covers the answer. */
  const factsOf = (record: ChangeRecord): Facts | undefined =>
    changeCommand(deps.registry, record.command).facts?.(record.plan);
  const askedOf = (record: ChangeRecord): readonly Asked[] =>
    record.plan.asked ?? anywhere(changeCommand(deps.registry, record.command));

  const askedToDo = (record: ChangeRecord): readonly Asked[] =>
    record.breakGlass ? [...askedOf(record), { permission: BREAK_GLASS, anywhere: true }] : askedOf(record);

  const wings =
    deps.wings?.({
      courier,
      authorise: ({ person, channel }, id, asked) => authority.again({ id, stage: 'command', person, channel }, asked),
      invoke: ({ text, ...line }) =>
        deps.queues.add('reads', invocationJob({ ...line, raw: text, surface: 'mention' })),
    }) ?? [];
  for (const wing of wings) Object.assign(renderers, wing.renderers);
  const otherPresses = Object.assign({}, ...wings.map(({ presses }) => presses)) as Wing['presses'];

  const onInvocation = (job: Job, { signal, delivery }: JobContext): Promise<void> =>
    answerInvocation(job.data as unknown as Invocation, delivery, signal, {
      ...deps,
      changes,
      shelf: deps.queues.shelf,
      meet: (invocation) => meet(deps.identity, invocation, 'seen'),
      authorise: (invocation, command, args) => authority.command({ ...invocation, stage: 'command' }, command, args),
      authorisePlan: (invocation, command, plan, asked) =>
        authority.plan({ ...invocation, stage: 'plan' }, command, plan, asked),
      authoriseBreakGlass: (invocation) =>
        authority.again({ ...invocation, stage: 'command' }, [{ permission: BREAK_GLASS, anywhere: true }]),
      contextOf: (invocation, within) => ({
        ...contextOf(invocation.id, invocation.person, within),
        channel: invocation.channel,
        progress: () => undefined,
      }),
      done: (command, outcome, startedAt) => deps.measured(command, outcome, (deps.clock() - startedAt) / 1_000),
    });

  const publishHome = (person: Person): Promise<void> => showHome(person, { ...deps, changes });
  const decideDeps: DialogDeps = {
    ...deps,
    changes,
    authoriseChange: (gesture, record) =>
      authority.again(
        {
          id: record.id,
          stage: 'button',
          person: gesture.person,
          // The card may be pressed elsewhere: rules about channels are about where it was asked for.
          channel: record.origin.channel,
          // Stopping is safe at any size.
          facts: gesture.action === 'cancel' ? undefined : factsOf(record),
        },
        // Stopping needs no right to break anything.
        gesture.action === 'cancel' ? askedOf(record) : askedToDo(record),
      ),
    enqueue: (record) =>
      deps.queues
        .add('changes', { id: record.id, name: 'change', data: { id: record.id } })
        .catch((error) =>
          deps.log.warn({ err: error, change: record.id }, 'the confirmed change will be queued by the sweep'),
        ),
    meet: ({ person }) => meet(deps.identity, { person, channel: '' }, 'fresh'),
    refused: ({ id, person, action }, { code, message }) =>
      deps.audit.refused({
        at: deps.clock(),
        invocation: id,
        who: person,
        typed: `[${action}]`,
        result: code,
        said: message,
      }),
  };
  const onPress = (job: Job): Promise<void> =>
    handlePress(job.data as unknown as ButtonPress, {
      ...decideDeps,
      chat: deps.chat,
      others: otherPresses,
      audit: deps.audit,
      shelf: deps.queues.shelf,
      homeChanged: publishHome,
      meet: (press) => meet(deps.identity, press, SAFE_PRESSES.has(press.action) ? 'seen' : 'fresh'),
      authorisePage: (press, result) => authority.again({ ...press, stage: 'page' }, result.asked),
    });

  const onChange = (job: Job, { signal }: JobContext): Promise<void> => {
    const recorded = recordCalls(deps);
    return executeChange(job.id, signal, {
      changes,
      worker,
      clock: deps.clock,
      commandOf: (record) => changeCommand(deps.registry, record.command),
      contextOf: (record, within) => ({
        ...contextOf(record.id, record.person, within),
        clusters: actingAs(recorded.clusters, record.person, () => deps.access.standing(record.person)),
        etcds: recorded.etcds,
      }),
      intend: async (record) => void (await deps.audit.append(intentOf(record, deps.clock()))),
      calls: () => recorded.calls,
      authorise: async (record) => {
        await approvalsMustHold(record, deps.access, deps.identity);
        await authority.again(
          {
            id: record.id,
            stage: 'execution',
            person: record.person,
            channel: record.origin.channel,
            facts: factsOf(record),
          },
          askedToDo(record),
        );
      },
      progress: showProgress,
    });
  };
  const showProgress = (record: ChangeRecord, state: Progress): void => {
    progress.set(record.id, state);
    courier.show('change', record.id, changeCard(record, state));
    if (record.approval?.channel !== undefined) courier.show(APPROVAL_CARD, record.id, approvalCard(record, state));
  };

  return {
    inbox: intake(deps.queues, {
      homeOpened: async (person) => {
        const { refusal } = await meet(deps.identity, { person, channel: '' }, 'seen');
        if (refusal) await deps.chat.publishHome(person, errorMessage(refusal, 'home'));
        else await publishHome(person);
      },
      submitted: async (submission) => {
        const answer = await handleSubmission(submission, decideDeps);
        void publishHome(submission.person).catch((error) => deps.log.debug({ err: error }, 'App Home not refreshed'));
        return answer;
      },
      foresee: ({ person, channel }) => deps.identity.foresee(person, channel),
    }),
    async work() {
      const reads = await deps.queues.work('reads', READS_AT_ONCE, (job, context) =>
        job.name === 'press' ? onPress(job) : onInvocation(job, context),
      );
      const changesWorker = await deps.queues.work('changes', CHANGES_AT_ONCE, onChange);
      const auditing = deps.audit.start();
      const sweeping = startSweeping({ ...deps, changes, deliverPending: () => courier.deliverPending() });
      const following = followOutbox({ ...deps, kick: (kind, id) => courier.kick(kind, id) });
      return {
        async stop(deadlineMs) {
          await Promise.all([sweeping.stop(), following.stop()]);
          await Promise.all([reads.stop(deadlineMs), changesWorker.stop(deadlineMs)]);
          await auditing.stop();
        },
      };
    },
    quiet: (withinMs) => courier.stop(withinMs),
  };
}

/** @throws NotFoundError when the command was removed while its change waited. */
function changeCommand(registry: Registry, name: string): AnyChange {
  const command: AnyCommand | undefined = registry.commands.find((each) => each.name === name);
  if (!command || command.risk === 'read')
    throw new NotFoundError(`/${name} no longer exists.`, { hint: 'See /k8s help.' });
  return command;
}
