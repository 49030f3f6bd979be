import type { Person } from '../chat/invocation.ts';
import type { Message } from '../chat/message.ts';
import type { EtcdClusters } from '../etcd/etcd-cluster.ts';
import type { Clusters } from '../kubernetes/cluster.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../time.ts';
import type { Args, InferArgs } from './args.ts';

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
  /** Where it would act, for the policy; pure. */
  readonly scope?: (args: InferArgs<A>) => Scope;
}

export interface Scope {
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly etcd?: string | undefined;
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
}

export interface House {
  readonly commands: readonly AnyCommand[];
  /** Whether this person may use the command; for help. */
  may(person: Person, command: AnyCommand): boolean;
  status(): Promise<readonly SystemStatus[]>;
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
}

/** Type inference only: `run`, `plan` and the rest see the arguments' types. */
export function defineRead<const A extends Args>(definition: Omit<ReadCommand<A>, 'risk'>): ReadCommand<A> {
  return { ...definition, risk: 'read' };
}

/** @see defineRead */
export function defineChange<const A extends Args, D>(definition: ChangeCommand<A, D>): ChangeCommand<A, D> {
  return definition;
}
