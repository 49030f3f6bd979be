import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { Ambiguous, NotDelivered } from '../delivery.ts';

/** Failures before the first byte could have reached Slack. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Slack's documentation: "it's possible some aspect of the operation succeeded before the error was raised". */
const MAY_HAVE_HAPPENED = new Set(['fatal_error', 'internal_error', 'request_timeout']);
const RETRYABLE = new Set(['ratelimited', 'rate_limited', 'service_unavailable', 'team_added_to_org']);

/** The SDK's errors in our two kinds: certainly not delivered, or perhaps. */
export function translate(error: unknown): NotDelivered | Ambiguous {
  if (error instanceof NotDelivered || error instanceof Ambiguous) return error;
  if (error instanceof WebAPIPlatformError) return fromAnswer(error);
  if (error instanceof WebAPIRateLimitedError) {
    return new NotDelivered('ratelimited', { cause: error, retryable: true, retryAfterMs: error.retryAfter * 1_000 });
  }
  if (error instanceof WebAPIHTTPError) {
    return error.statusCode >= 500
      ? new Ambiguous(`HTTP ${error.statusCode}`, { cause: error })
      : new NotDelivered(`http_${error.statusCode}`, { cause: error });
  }
  if (error instanceof WebAPIRequestError) return fromRequest(error);
  if (error instanceof Error && error.message.startsWith('Retry header')) {
    return new NotDelivered('ratelimited', { cause: error, retryable: true, retryAfterMs: 1_000 });
  }
  return new Ambiguous('unexpected failure', { cause: error });
}

function fromAnswer(error: WebAPIPlatformError): NotDelivered | Ambiguous {
  const data = error.data as { error: string; needed?: string };
  if (MAY_HAVE_HAPPENED.has(data.error)) return new Ambiguous(data.error, { cause: error });
  return new NotDelivered(data.error, {
    cause: error,
    retryable: RETRYABLE.has(data.error),
    ...(data.needed !== undefined && { scope: data.needed }),
    ...(HINTS[data.error] !== undefined && { hint: HINTS[data.error] as string }),
  });
}

const HINTS: Record<string, string> = {
  not_in_channel: 'Invite Shipmate to the channel: /invite @Shipmate.',
  channel_not_found: 'Invite Shipmate to the channel if it is private: /invite @Shipmate.',
  is_archived: 'Choose a channel that is not archived.',
  invalid_auth: 'Check SLACK_BOT_TOKEN: reinstall the app and copy the new token.',
  token_revoked: 'Reinstall the app and set the new SLACK_BOT_TOKEN.',
  account_inactive: 'Reinstall the app and set the new SLACK_BOT_TOKEN.',
};

function fromRequest(error: WebAPIRequestError): NotDelivered | Ambiguous {
  const codes = causeCodes(error.original);
  if (codes.some((code) => NEVER_SENT.has(code))) {
    return new NotDelivered('unreachable', { cause: error, retryable: true });
  }
  return new Ambiguous(codes[0] ?? error.original.name, { cause: error });
}

/** Node's fetch wraps: TypeError → cause with a code, or an AggregateError of one per address. */
function causeCodes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code } = error as { code?: unknown };
  const inner = error instanceof AggregateError ? error.errors.flatMap(causeCodes) : [];
  return [...(typeof code === 'string' ? [code] : []), ...inner, ...causeCodes(error.cause)];
}
