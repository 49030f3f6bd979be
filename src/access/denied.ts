import { PermissionError } from '../errors.ts';

/** A refusal by the policy; `people` can grant what is missing. */
export class DeniedError extends PermissionError {
  /** Slack user ids. */
  readonly people: readonly string[];

  constructor(message: string, detail: { hint: string; people?: readonly string[] }) {
    super(message, { hint: detail.hint });
    this.people = detail.people ?? [];
  }
}
