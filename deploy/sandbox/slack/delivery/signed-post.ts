import { createHmac } from 'node:crypto';

export interface PostOutcome {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly failure?: 'http_timeout' | 'connection_failed' | 'http_error';
  /** Parsed JSON, or the text, or undefined when empty. */
  readonly body?: unknown;
  readonly noRetry: boolean;
}

/** Posts as Slack does: signed with the app's secret, given up after `timeoutMs`. Never throws. */
export async function signedPost(request: {
  readonly url: string;
  readonly body: string;
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded';
  readonly secret: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly timeoutMs: number;
  readonly retry?: { readonly num: number; readonly reason: string };
}): Promise<PostOutcome> {
  const base = `v0:${request.timestamp}:${request.body}`;
  const signature = `v0=${createHmac('sha256', request.secret).update(base).digest('hex')}`;
  try {
    const response = await fetch(request.url, {
      method: 'POST',
      body: request.body,
      headers: {
        'content-type': request.contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(request.timestamp),
        'x-slack-signature': signature,
        ...(request.retry === undefined
          ? {}
          : { 'x-slack-retry-num': String(request.retry.num), 'x-slack-retry-reason': request.retry.reason }),
      },
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    const body = parsed(await response.text());
    const noRetry = response.headers.get('x-slack-no-retry') === '1';
    return response.ok
      ? { status: response.status, body, noRetry }
      : { status: response.status, failure: 'http_error', body, noRetry };
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    return { status: 0, failure: isTimeout ? 'http_timeout' : 'connection_failed', noRetry: false };
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
