/** Work that waits in Redis. Two queues, so that a slow change never delays a `get`. */
export type QueueName = 'reads' | 'changes';

export interface Job {
  /** Stable id: adding the same id again while it is known is a no-op. No `:` and no plain integer. */
  readonly id: string;
  /** What to do, a word: `invocation`, `press`, `change`. */
  readonly name: string;
  /** Small (≤ 4 KB) and without secrets. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Queues {
  /**
   * Adds within `timeoutMs` (default 800). @throws UnavailableError when Redis cannot confirm; the job may still be there, and adding the
   * same id again is safe.
   */
  add(queue: QueueName, job: Job, options?: { timeoutMs?: number; delayMs?: number }): Promise<void>;
  /** Handles jobs of one queue, `concurrency` at a time. A handler may see the same job again (a killed worker): it must look before it acts. */
  work(
    queue: QueueName,
    concurrency: number,
    handle: (job: Job, context: JobContext) => Promise<void>,
  ): Promise<{ stop(deadlineMs: number): Promise<void> }>;
  /** Whether Redis still knows the job and in which state. */
  state(queue: QueueName, id: string): Promise<'waiting' | 'active' | 'delayed' | 'completed' | 'failed' | 'missing'>;
  /** Removes a finished or waiting job so that its id can be added again. */
  forget(queue: QueueName, id: string): Promise<void>;
  depth(): Promise<Readonly<Record<QueueName, { waiting: number; active: number; delayed: number; failed: number }>>>;
  health(): Promise<{
    ok: boolean;
    version?: string;
    latencyMs?: number;
    error?: string;
    warnings?: readonly string[];
  }>;
  /** Small values with an end: frozen result pages and rate buckets. */
  readonly shelf: Shelf;
  close(): Promise<void>;
}

export interface JobContext {
  /** Aborts on shutdown and when the job's lock is lost. */
  readonly signal: AbortSignal;
  /** 1 for the first delivery. */
  readonly delivery: number;
}

export interface Shelf {
  /** @throws UsageError above 1 MiB. */
  put(key: string, value: unknown, ttlMs: number): Promise<void>;
  get<T>(key: string): Promise<T | undefined>;
  /** True for the first caller within `ttlMs`: the cheap half of idempotency (the durable half is in etcd). */
  claim(key: string, ttlMs: number): Promise<boolean>;
}
