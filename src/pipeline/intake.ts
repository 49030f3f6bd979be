import type { ButtonPress, Inbox, Invocation, Person } from '../chat/invocation.ts';
import type { Job, Queues } from '../jobs/queues.ts';

/**
 * Where Slack's deliveries enter: each becomes one durable job under its own id, and only then is Slack told "got it". A redelivery adds
 * the same id again, which Redis ignores. A dialog is the exception: its answer must stand on its fields, so it is decided at once.
 */
export function intake(
  queues: Queues,
  homeOpened: (person: Person) => Promise<void>,
  submitted: Inbox['submitted'],
): Inbox {
  return {
    invoked: (invocation) => queues.add('reads', invocationJob(invocation)),
    pressed: (press) => queues.add('reads', pressJob(press)),
    submitted,
    homeOpened,
  };
}

export function invocationJob(invocation: Invocation): Job {
  return { id: invocation.id, name: 'invocation', data: { ...invocation } };
}

export function pressJob(press: ButtonPress): Job {
  return { id: press.id, name: 'press', data: { ...press } };
}
