import type { ButtonPress, Inbox, Invocation, Person } from '../chat/invocation.ts';
import type { Job, Queues } from '../jobs/queues.ts';

export interface Beginnings {
  /** Called while the job is on its way, so that what its worker will ask Slack is known by then. */
  foresee(invocation: Invocation): void;
  homeOpened(person: Person): Promise<void>;
  submitted: Inbox['submitted'];
}

/**
 * Where Slack's deliveries enter: each becomes one durable job under its own id, and only then is Slack told "got it". A redelivery adds
 * the same id again, which Redis ignores. A dialog is the exception: its answer must stand on its fields, so it is decided at once.
 */
export function intake(queues: Queues, { foresee, homeOpened, submitted }: Beginnings): Inbox {
  return {
    invoked(invocation) {
      foresee(invocation);
      return queues.add('reads', invocationJob(invocation));
    },
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
