import type { Message } from '../../chat/message.ts';
import type { Queues, Shelf } from '../../jobs/queues.ts';
import { redactError } from '../../redact/error.ts';
import { redactTyped } from '../../redact/typed-line.ts';
import { redactValue } from '../../redact/values.ts';
import type { Store } from '../../state/store.ts';
import { redactMessage } from './message.ts';

/**
 * Slack's own addresses for answering, without which nobody would get an answer; and a plan, whose words were cleaned when it was made.
 * Ids and digests need no exception: no pattern takes them for a secret.
 */
const EXEMPT = new Set(['responseUrl', 'triggerId', 'plan']);

/**
 * What goes to Redis. A typed line that holds a secret is queued without it; `refuseHidden` then says so instead of acting on the rest.
 */
export function redactingQueues(queues: Queues): Queues {
  return {
    add: (queue, job, options) => queues.add(queue, { ...job, data: redactJob(job.data) }, options),
    work: (queue, concurrency, handle) =>
      queues.work(queue, concurrency, async (job, context) => {
        try {
          await handle(job, context);
        } catch (error) {
          // BullMQ keeps the message and the stack of a failed job.
          throw redactError(error);
        }
      }),
    state: (queue, id) => queues.state(queue, id),
    forget: (queue, id) => queues.forget(queue, id),
    depth: () => queues.depth(),
    health: () => queues.health(),
    close: () => queues.close(),
    shelf: redactingShelf(queues.shelf),
  };
}

function redactJob(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const clean = redactValue(data, EXEMPT);
  return typeof data.raw === 'string' ? { ...clean, raw: redactTyped(data.raw) } : clean;
}

function redactingShelf(shelf: Shelf): Shelf {
  return {
    put: (key, value, ttlMs) => shelf.put(key, redactKept(value), ttlMs),
    get: (key) => shelf.get(key),
    claim: (key, ttlMs) => shelf.claim(key, ttlMs),
  };
}

/** A kept message is cleaned as it will be shown, so that it is searched once. */
function redactKept(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || !('message' in value)) return redactValue(value, EXEMPT);
  const { message, ...rest } = value as { message: unknown };
  const isMessage = message !== null && typeof message === 'object' && 'title' in message;
  if (!isMessage) return redactValue(value, EXEMPT);
  return { ...redactValue(rest, EXEMPT), message: redactMessage(message as Message) };
}

/**
 * What goes to Shipmate's own etcd. Whoever computes a digest over a value cleans the value before (`redactForAudit`, `redactingPlans`);
 * cleaning it here once more then changes nothing.
 */
export function redactingStore(store: Store): Store {
  return {
    get: (path) => store.get(path),
    list: (prefix, options) => store.list(prefix, options),
    commit: (changes, options) =>
      store.commit(
        changes.map((change) =>
          change.op === 'put' ? { ...change, value: redactValue(change.value, EXEMPT) } : change,
        ),
        options,
      ),
    watch: (prefix, onChange) => store.watch(prefix, onChange),
    health: () => store.health(),
    close: () => store.close(),
  };
}

/** For whoever writes a record that is hashed, exported or sent elsewhere: call it before the hash is computed. */
export function redactForAudit<T>(record: T): T {
  return redactValue(record, EXEMPT);
}
