import { type ErrorDetail, SystemError } from '../errors.ts';

/**
 * Slack certainly did not take it: it said no, or was never reached. Trying again cannot do it twice.
 */
export class NotDelivered extends SystemError {
  readonly code = 'E_UNAVAILABLE';
  override readonly retryable: boolean;
  /** Slack's own error code (`channel_not_found`, `missing_scope`), `ratelimited`, or `unreachable`. */
  readonly slackError: string;
  /** Milliseconds that Slack asked us to wait. */
  readonly retryAfterMs: number | undefined;
  /** The scope that is missing, with `missing_scope`. */
  readonly scope: string | undefined;

  constructor(
    slackError: string,
    detail: ErrorDetail & { retryable?: boolean; retryAfterMs?: number; scope?: string } = {},
  ) {
    super(`Slack did not take the message (${slackError}).`, detail);
    this.slackError = slackError;
    this.retryable = detail.retryable ?? false;
    this.retryAfterMs = detail.retryAfterMs;
    this.scope = detail.scope;
  }
}

/**
 * Slack may have taken it: the answer was lost, late or an internal error. Never post again without looking (`Chat.find`).
 */
export class Ambiguous extends SystemError {
  readonly code = 'E_UNAVAILABLE';
  override readonly retryable = true;

  constructor(what: string, detail: ErrorDetail = {}) {
    super(`Slack did not say whether it took the message (${what}).`, detail);
  }
}
