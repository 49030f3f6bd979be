import type { ApiCall } from '../access/audit/entry.ts';
import type { AuditTrail } from '../access/audit/trail.ts';
import type { Asked, Facts } from '../access/policy/asked.ts';
import type { Person } from '../chat/invocation.ts';
import type { Message } from '../chat/message.ts';
import type { EtcdClusters } from '../etcd/etcd-cluster.ts';
import type { KeyRange } from '../etcd/keys.ts';
import type { AlertsDesk } from '../incidents/desk/desk.ts';
import type { Clusters } from '../kubernetes/cluster.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../time.ts';
import type { Args, InferArgs } from './args.ts';
import type { DecisionNote } from './decisions.ts';

/**
 * A command is one file under `commands/` whose default export is one of these. Everything else (usage, help, docs, the Slack manifest,
 * RBAC, the policy's vocabulary) is computed from it.
 *
 * A *read* answers. A *change* goes plan → gate → act → follow:
 *
 *   plan    reads the live objects, dry-runs on the server, freezes what will happen and its preconditions. Changes nothing.
 *   act     makes the one change under the plan's preconditions. Runs at most once to effect, though it may be called again after a
 *           crash: `verify` says first whether the earlier attempt had its effect.
 *   follow  watches until the change has taken hold. Only reads, so it may run any number of times.
 */
export type RiskTier = 'read' | 'low' | 'high' | 'destructive';

interface Described<A extends Args> {
  /** Equals the path: `commands/k8s/rollout/status.ts` is `k8s rollout status`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Complete lines as typed; each is parsed by a test. At least one. */
  readonly examples: readonly string[];
  readonly args: A;
  /** `domain:verb`, as the policy names it; undefined only for commands that everybody may use. */
  readonly permission: string | undefined;
  /** Calls that the cluster's RBAC must allow, from which the manifests are computed. `group` '' is core; '*' any. */
  readonly rbac?: readonly {
    readonly group: string;
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
  /**
   * Where it would act, for the policy; pure. A command without it acts in no particular place: holding the permission anywhere is enough.
   * @throws UsageError where the words cannot be understood.
   */
  readonly scope?: (args: InferArgs<A>) => Scope;
}

export interface Scope {
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly etcd?: string | undefined;
  /** In every namespace (`-A`). */
  readonly allNamespaces?: boolean;
  /** The kinds as typed, with a name where one is named. Absent: any object, as far as the policy knows. */
  readonly targets?: readonly { readonly type: string; readonly name?: string | undefined }[];
  /** All etcd keys that would be read or written. */
  readonly keys?: readonly KeyRange[];
}

export interface ReadCommand<A extends Args = Args> extends Described<A> {
  readonly risk: 'read';
  run(args: InferArgs<A>, context: CommandContext): Promise<Message>;
}

export interface ChangeCommand<A extends Args = Args, D = unknown> extends Described<A> {
  readonly risk: Exclude<RiskTier, 'read'>;
  /** @returns the plan, or a message when there is nothing to do. */
  plan(args: InferArgs<A>, context: CommandContext): Promise<Plan<D> | NothingToDo>;
  /** Called only when an earlier attempt may have acted. `unknown` stops everything and is told to the people. */
  verify(plan: Plan<D>, context: CommandContext): Promise<Verdict>;
  /** @throws ConflictError when a precondition no longer holds (nothing was changed). */
  act(plan: Plan<D>, context: CommandContext): Promise<Effect>;
  follow?(plan: Plan<D>, effect: Effect, context: FollowContext): Promise<Outcome>;
  /** What the plan would do, for the policy's limits (`max-factor`, `images`, …); pure. Every command that sets such a thing has it. */
  facts?(plan: Plan<D>): Facts;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds commands of every shape; each file keeps its own types.
export type AnyRead = Omit<ReadCommand<any>, 'args'> & { readonly args: Args };
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type AnyChange = Omit<ChangeCommand<any, any>, 'args'> & { readonly args: Args };
export type AnyCommand = AnyRead | AnyChange;

export interface CommandContext {
  /** Names this command's run everywhere: log, audit, field manager notes. */
  readonly invocation: string;
  readonly person: Person;
  readonly clusters: Clusters;
  readonly etcds: EtcdClusters;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborts on shutdown, timeout or a lost job lock. */
  readonly signal: AbortSignal;
  /** Facts about Shipmate itself, for `/shipmate` and help. */
  readonly house: House;
  /** The Slack channel it was typed in, where there is one. */
  readonly channel?: string | undefined;
}

export interface House {
  readonly commands: readonly AnyCommand[];
  /** Whether this person may use the command; for help. */
  may(person: Person, command: AnyCommand): boolean;
  status(): Promise<readonly SystemStatus[]>;
  /** What was done and who did it; absent where nothing is recorded, as in tests of single commands. */
  readonly audit?: AuditTrail;
  /** Answers questions about rights; absent where no policy is in force, as in tests of single commands. */
  readonly desk?: AccessDesk;
  /** What is wrong in the clusters; absent where nothing is watched, as in tests of single commands. */
  readonly alerts?: AlertsDesk;
}

/** What `/shipmate can-i`, `why` and `claim` ask. */
export interface AccessDesk {
  /** @param words a whole line as typed, its first word the family. @throws UsageError when it cannot be understood. */
  canI(words: readonly string[], context: CommandContext): Promise<CanI>;
  /** @throws NotFoundError when nothing is kept under this id; PermissionError when it is not the asker's to know. */
  why(id: string, asker: Person): Promise<readonly DecisionNote[]>;
  /** Makes the asker an administrator. @throws PermissionError, UsageError for a wrong, used or expired code. */
  claim(code: string, asker: Person): Promise<void>;
}
export interface CanI {
  readonly shown: string;
  readonly allowed: boolean;
  readonly because: string;
  readonly asked: readonly Asked[];
  /** The refusal as the person would see it. */
  readonly refusal?: { readonly message: string; readonly hint: string | undefined } | undefined;
  /** Whether limits were judged by a real plan. */
  readonly planned: boolean;
}
export interface SystemStatus {
  readonly system: string;
  readonly ok: boolean;
  /** Something that may be left out: when it is away, only it is. */
  readonly optional?: boolean;
  readonly detail: string;
}

export interface FollowContext extends CommandContext {
  /** Shows how far it is; may be called often, only the latest is shown. `waiting` says on what. */
  progress(state: { done: number; total: number; waiting: string }): void;
}

export interface Plan<D = unknown> {
  readonly cluster?: string;
  readonly isProduction?: boolean;
  readonly namespace?: string;
  readonly etcd?: string;
  /** Whole names, `deployment.apps/web`; shown in full at the gate. */
  readonly targets: readonly string[];
  /** "Scale deployment.apps/web from 2 to 5 replicas". */
  readonly summary: string;
  /** The confirm button: "Scale web to 5". */
  readonly confirm: string;
  readonly changes: readonly { readonly label: string; readonly before: string; readonly after: string }[];
  /** Facts that should make one think: "HPA web will override this (min 2, max 10)". */
  readonly warnings: readonly string[];
  /** The definition's tier or, escalated, a higher one. */
  readonly risk: Exclude<RiskTier, 'read'>;
  /** The command that would take it back, if one exists. */
  readonly undo?: string;
  /** What was asked of the policy, asked again at the button and by the worker. Set by the pipeline. */
  readonly asked?: readonly Asked[];
  /** The frozen input of `act`, `verify` and `follow`: JSON, ≤ 64 KiB, no secrets. Carries the preconditions (uid, generation, mod revision). */
  readonly data: D;
}

export interface NothingToDo {
  readonly nothingToDo: Message;
}

/** What `act` did: JSON, kept beside the plan. */
export interface Effect {
  /** kubectl's or etcdctl's own line: "deployment.apps/web scaled". */
  readonly said: string;
  /** What `follow` needs: the generation returned by the server, … */
  readonly data?: unknown;
  /** For the audit; noted by the pipeline, not by the command. */
  readonly calls?: readonly ApiCall[] | undefined;
}

export type Verdict =
  | { readonly applied: true; readonly effect: Effect }
  | { readonly applied: false }
  | { readonly applied: 'unknown'; readonly found: string };

export interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'unknown';
  /** One line: "deployment "web" successfully rolled out (5/5 ready)". */
  readonly title: string;
  readonly message?: Pick<Message, 'parts'>;
  /** As in `Effect`. */
  readonly calls?: readonly ApiCall[] | undefined;
}

/** Type inference only: `run`, `plan` and the rest see the arguments' types. */
export function defineRead<const A extends Args>(definition: Omit<ReadCommand<A>, 'risk'>): ReadCommand<A> {
  return { ...definition, risk: 'read' };
}

/** @see defineRead */
export function defineChange<const A extends Args, D>(definition: ChangeCommand<A, D>): ChangeCommand<A, D> {
  return definition;
}
