import type { ConfirmDialog } from '../protocol.ts';

/** What Slack's client would not let a person do. Becomes a `Refusal` of the control protocol. */
export class GestureError extends Error {
  readonly status: 400 | 403 | 404 | 409;
  readonly code: string;
  readonly dialog: ConfirmDialog | undefined;

  constructor(status: 400 | 403 | 404 | 409, code: string, message: string, dialog?: ConfirmDialog) {
    super(message);
    this.status = status;
    this.code = code;
    this.dialog = dialog;
  }
}
