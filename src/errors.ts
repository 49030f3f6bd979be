/**
 * Every failure that Shipmate expects, in two families.
 *
 * A `UserError` is the asker's to mend: it is shown to them and never retried. A `SystemError` is ours or the world's: it is logged,
 * shown calmly, and retried only where `retryable` says so. A message states the fact; the hint names the next action; neither holds
 * a secret or a stack. `docs/errors.md` has a row for each code and a test holds the two together.
 */
export type ErrorCode =
  | 'E_USAGE'
  | 'E_NOT_FOUND'
  | 'E_FORBIDDEN'
  | 'E_APPROVAL'
  | 'E_CONFLICT'
  | 'E_UNAVAILABLE'
  | 'E_INTERNAL';

export interface ErrorDetail {
  /** The next action, in one sentence; may name a command to type. */
  hint?: string;
  /** The failure underneath, for the log only. */
  cause?: unknown;
}

export abstract class ShipmateError extends Error {
  abstract readonly code: ErrorCode;
  /** Whether the same attempt may succeed later without anybody changing anything. */
  readonly retryable: boolean = false;
  readonly hint: string | undefined;

  constructor(message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = new.target.name;
    this.hint = detail.hint;
  }
}

export abstract class UserError extends ShipmateError {}
export abstract class SystemError extends ShipmateError {}

/** What was typed cannot be understood. The hint is the usage line or the nearest word. */
export class UsageError extends UserError {
  readonly code = 'E_USAGE';
}

/** The thing named does not exist; the message is kubectl's or etcd's own. */
export class NotFoundError extends UserError {
  readonly code = 'E_NOT_FOUND';
}

/** The person (or Shipmate's own account) may not do this; the hint says who can grant it. */
export class PermissionError extends UserError {
  readonly code = 'E_FORBIDDEN';
}

/** An approval or confirmation that is expired, denied, one's own, or void because the world moved. */
export class ApprovalError extends UserError {
  readonly code = 'E_APPROVAL';
}

/** Somebody else changed the object between the look and the write. */
export class ConflictError extends UserError {
  readonly code = 'E_CONFLICT';
}

/** A system that Shipmate needs did not answer, or not in time. */
export class UnavailableError extends SystemError {
  readonly code = 'E_UNAVAILABLE';
  override readonly retryable = true;
}

/** A bug, or an answer nobody foresaw. */
export class InternalError extends SystemError {
  readonly code = 'E_INTERNAL';
}

/** Any thrown value as one of ours; an unforeseen one becomes an `InternalError` whose message is safe to show. */
export function asShipmateError(thrown: unknown): ShipmateError {
  if (thrown instanceof ShipmateError) return thrown;
  return new InternalError('Something unexpected went wrong inside Shipmate.', { cause: thrown });
}
