import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { Ambiguous, NotDelivered } from '../../../src/chat/delivery.ts';
import { translate } from '../../../src/chat/send/translate.ts';

const said = (error: string, more: object = {}) => new WebAPIPlatformError({ ok: false, error, ...more } as never);
const failed = (code: string) =>
  new WebAPIRequestError(
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) }),
  );

describe('a call to Slack that failed', () => {
  test.each([
    ['said no', said('channel_not_found'), 'channel_not_found', false],
    ['was limited', new WebAPIRateLimitedError(3), 'ratelimited', true],
    ['was limited without a time', new Error('Retry header did not contain a valid timeout'), 'ratelimited', true],
    ['never left', failed('ECONNREFUSED'), 'unreachable', true],
    ['found no address', failed('ENOTFOUND'), 'unreachable', true],
    ['was refused by a proxy', new WebAPIHTTPError(403, 'Forbidden', {}, ''), 'http_403', false],
  ])('because it %s was certainly not delivered', (_name, error, slackError, retryable) => {
    const translated = translate(error);

    expect(translated).toBeInstanceOf(NotDelivered);
    expect(translated).toMatchObject({ slackError, retryable });
  });

  test.each([
    ['the answer took too long', new WebAPIRequestError(new DOMException('timed out', 'TimeoutError'))],
    ['the connection was cut', failed('ECONNRESET')],
    ['a gateway gave up', new WebAPIHTTPError(502, 'Bad Gateway', {}, '')],
    ['Slack had an internal error', said('internal_error')],
    ['Slack had a fatal error', said('fatal_error')],
    ['of something nobody foresaw', new Error('?')],
  ])('because %s may have been delivered', (_name, error) => {
    expect(translate(error)).toBeInstanceOf(Ambiguous);
  });

  test('keeps Slack’s waiting time and the missing scope', () => {
    expect(translate(new WebAPIRateLimitedError(3))).toMatchObject({ retryAfterMs: 3_000 });
    expect(translate(said('missing_scope', { needed: 'files:write' }))).toMatchObject({ scope: 'files:write' });
  });

  test('translated twice stays what it was', () => {
    const once = translate(said('is_archived'));

    expect(translate(once)).toBe(once);
    expect(once.hint).toBeTruthy();
  });
});
