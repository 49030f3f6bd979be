import type { Asked } from '../access/policy/asked.ts';
import type { ButtonPress, Person } from '../chat/invocation.ts';
import type { Courier, Renderers } from './courier.ts';

/** What a button of another domain does. Errors are told to the one who clicked, as everywhere. */
export type PressHandler = (press: ButtonPress) => Promise<void>;

/**
 * A domain with buttons and living messages of its own (incidents, later on-call and reboots) that uses the pipeline's ways: the same
 * identity checks, the same policy, the same courier.
 */
export interface Wing {
  readonly presses: Readonly<Record<string, PressHandler>>;
  readonly renderers: Renderers;
}

/** What the pipeline lends to a wing. */
export interface Doors {
  readonly courier: Courier;
  /**
   * Whether the one who clicked may do this, asked now. @param id the subject, for `/shipmate why`.
   * @throws PermissionError with the missing permission and who can grant it.
   */
  authorise(press: Pick<ButtonPress, 'person' | 'channel'>, id: string, asked: readonly Asked[]): Promise<void>;
  /**
   * Enters a command line as if the person had typed it in that thread: parse, policy, plan, confirmation, approvals and audit all apply.
   * @param line.id the same id is the same invocation: a double click does nothing twice.
   */
  invoke(line: {
    readonly id: string;
    readonly text: string;
    readonly person: Person;
    readonly channel: string;
    readonly thread: string | undefined;
    readonly receivedAt: number;
  }): Promise<void>;
}
