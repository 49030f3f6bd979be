import { type Clock, delay } from '../../time.ts';
import { NotDelivered } from '../delivery.ts';

/** Slack: about one post per second and channel, short bursts allowed. */
export interface Pace {
  readonly perSecond: number;
  readonly burst: number;
}
/** One less than the burst that Slack is seen to allow: its clock and ours do not tick together. */
export const SLACKS_PACE: Pace = { perSecond: 1, burst: 3 };

/** Posts per second, and bursts in proportion. */
export function paceOf(perSecond: number): Pace {
  return { perSecond, burst: Math.max(1, perSecond * SLACKS_PACE.burst) };
}

/** Answers go before edits that only show progress. */
export type Priority = 'answer' | 'progress';

interface Task {
  readonly priority: Priority;
  /** Posts cost a token of the bucket; edits have their own limit at Slack and cost none. */
  readonly cost: 0 | 1;
  readonly deadline: number;
  run(): Promise<void>;
  refuse(error: unknown): void;
}

const GIVE_UP_AFTER_MS = 60_000;
const DEFAULT_PAUSE_MS = 1_000;

/**
 * What is waiting to be said in one channel. A 429 pauses this channel alone, for as long as Slack says; the refused call is certain not
 * to have happened and is made again. Everything else is the caller's to judge.
 */
export class ChannelLane {
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #waiting: Task[] = [];
  #tokens: number;
  #filledAt: number;
  #pausedUntil = 0;
  #isPumping = false;

  constructor(clock: Clock, pace: Pace) {
    this.#clock = clock;
    this.#pace = pace;
    this.#tokens = pace.burst;
    this.#filledAt = clock();
  }

  /** @throws what `send` throws; NotDelivered (`ratelimited`) when Slack keeps refusing for a minute. */
  submit<T>(priority: Priority, cost: 0 | 1, send: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const task: Task = {
        priority,
        cost,
        deadline: this.#clock() + GIVE_UP_AFTER_MS,
        run: () => send().then(resolve, (error: unknown) => this.#failed(task, error)),
        refuse: reject,
      };
      this.#enqueue(task, 'last');
      void this.#pump();
    });
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0 && !this.#isPumping;
  }

  #enqueue(task: Task, place: 'first' | 'last'): void {
    const at = this.#waiting.findIndex((other) =>
      place === 'first' ? rank(other) >= rank(task) : rank(other) > rank(task),
    );
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, task);
  }

  #failed(task: Task, error: unknown): void {
    const isRefusal = error instanceof NotDelivered && error.retryAfterMs !== undefined;
    if (!isRefusal || this.#clock() >= task.deadline) {
      task.refuse(error);
      return;
    }
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock() + (error.retryAfterMs ?? DEFAULT_PAUSE_MS));
    this.#tokens = Math.min(this.#tokens, 1);
    this.#enqueue(task, 'first');
    void this.#pump();
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#waiting.length > 0) {
        const waits = this.#waiting.map((task) => this.#waitFor(task));
        const waitMs = Math.min(...waits);
        if (waitMs > 0) {
          await delay(waitMs);
          continue;
        }
        // An edit passes a post that waits for its turn: it has a limit of its own.
        const [task] = this.#waiting.splice(waits.indexOf(waitMs), 1) as [Task];
        this.#tokens -= task.cost;
        // Not awaited: a slow call must not delay the next one in the same channel.
        void task.run();
      }
    } finally {
      this.#isPumping = false;
    }
  }

  #waitFor(task: Task): number {
    const now = this.#clock();
    if (now < this.#pausedUntil) return this.#pausedUntil - now;
    if (task.cost === 0) return 0;
    const { perSecond, burst } = this.#pace;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1_000) * perSecond);
    this.#filledAt = now;
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / perSecond) * 1_000);
  }
}

function rank(task: Task): number {
  return task.priority === 'answer' ? 0 : 1;
}
