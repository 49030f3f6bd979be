/**
 * What people do in Slack, in Shipmate's own words. `chat/` makes these; everybody else only reads them.
 *
 * Every value carries an `id` computed from Slack's own ids, so that a redelivered envelope, a retried event and a double click on the
 * same button generation are the same thing again.
 */

/** A human in Slack. Never a name, never an e-mail address: those can be edited by their owner. */
export interface Person {
  /** Enterprise Grid id, absent outside Grid. */
  readonly enterprise?: string | undefined;
  /** The person's own team, which in shared channels may differ from the app's. */
  readonly team: string;
  readonly user: string;
}

export interface Invocation {
  readonly id: string;
  /** What was typed, untouched: kept for the audit. Slash commands start with their command word (`/k8s get pods`). */
  readonly raw: string;
  readonly surface: 'slash' | 'mention' | 'direct';
  readonly person: Person;
  readonly channel: string;
  /** The message to thread replies under; absent for slash commands, which Slack does not offer in threads. */
  readonly thread?: string | undefined;
  /** Usable 5 times within 30 minutes of `receivedAt`; only slash commands have one. */
  readonly responseUrl?: string | undefined;
  readonly triggerId?: string | undefined;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** A message in Slack: the channel and its `ts`. */
export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}

export interface ButtonPress {
  readonly id: string;
  /** A stable word: `confirm`, `cancel`, `approve`, `deny`, `next`, `prev`, `wide`, … */
  readonly action: string;
  /** The button's opaque value: `<subject id>.<generation>`, never a command. */
  readonly value: string;
  /** What was chosen, where the button is a menu: a stable word. */
  readonly option?: string | undefined;
  readonly person: Person;
  readonly channel: string;
  /** The message that held the button; absent on App Home and, with an ephemeral one, not editable by `chat.update`. */
  readonly message?: MessageRef | undefined;
  readonly ephemeral: boolean;
  readonly thread?: string | undefined;
  readonly responseUrl?: string | undefined;
  readonly triggerId?: string | undefined;
  readonly receivedAt: number;
}

export interface ModalSubmission {
  readonly id: string;
  /** The modal's `callback`, a stable word. */
  readonly callback: string;
  /** What the modal carried when it was opened (`Modal.subject`). */
  readonly subject: string;
  /** Field name → what was entered. */
  readonly values: Readonly<Record<string, string>>;
  readonly person: Person;
  readonly receivedAt: number;
}

/** Answer to a modal: closed, or kept open with one error per field. */
export type ModalAnswer = { close: true } | { errors: Readonly<Record<string, string>> };

/**
 * Where chat delivers. Each method must settle well within Slack's 3 seconds: it makes the work durable and returns; the work itself
 * comes later. A rejection means "not confirmed", and the person is told exactly that.
 */
export interface Inbox {
  invoked(invocation: Invocation): Promise<void>;
  pressed(press: ButtonPress): Promise<void>;
  submitted(submission: ModalSubmission): Promise<ModalAnswer>;
  /** The App Home was opened; what it shows is returned at once or published later. */
  homeOpened(person: Person): Promise<void>;
  /** Slack user groups changed; may be missed, so it is only a hint. */
  groupsChanged?(): void;
}
