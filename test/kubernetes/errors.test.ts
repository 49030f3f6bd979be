import { expect, test } from 'vitest';
import { ConflictError, NotFoundError, PermissionError, UnavailableError, UsageError } from '../../src/errors.ts';
import { errorFromNetwork, errorFromStatus, Gone, statusFromBody, statusOf } from '../../src/kubernetes/errors.ts';

const invalid = (causes: { field?: string; message: string }[], kind = 'Deployment', name = 'web') => ({
  code: 422,
  reason: 'Invalid',
  message: 'Deployment.apps "web" is invalid: long text',
  details: { kind, name, causes },
});

test.each([
  [401, 'Unauthorized', 'Unauthorized', PermissionError, 'error: You must be logged in to the server (Unauthorized)'],
  [403, 'Forbidden', 'pods is forbidden', PermissionError, 'Error from server (Forbidden): pods is forbidden'],
  [404, 'NotFound', 'pods "zz" not found', NotFoundError, 'Error from server (NotFound): pods "zz" not found'],
  [
    409,
    'AlreadyExists',
    'pods "a" already exists',
    ConflictError,
    'Error from server (AlreadyExists): pods "a" already exists',
  ],
  [409, 'Conflict', 'modified', ConflictError, 'Error from server (Conflict): modified'],
  [410, 'Expired', 'too old', Gone, 'Error from server (Expired): too old'],
  [400, 'BadRequest', 'no', UsageError, 'Error from server (BadRequest): no'],
  [405, 'MethodNotAllowed', 'no', UsageError, 'Error from server (MethodNotAllowed): no'],
  [
    429,
    'TooManyRequests',
    'slow down',
    UnavailableError,
    'Error from server (TooManyRequests): slow down (cluster demo)',
  ],
  [500, '', 'boom', UnavailableError, 'Error from server: boom (cluster demo)'],
  [503, 'ServiceUnavailable', 'away', UnavailableError, 'Error from server (ServiceUnavailable): away (cluster demo)'],
])('%i %s is told in kubectl’s words', (code, reason, message, family, text) => {
  const error = errorFromStatus({ code, reason, message }, 'demo');

  expect(error).toBeInstanceOf(family);
  expect(error.message).toBe(text);
  expect(statusOf(error)).toMatchObject({ code, reason });
});

test('one cause stands on the line, several are listed once each', () => {
  const one = { field: 'spec.replicas', message: 'Invalid value: -1: must be greater than or equal to 0' };
  const other = { field: 'spec.selector', message: 'field is immutable' };

  expect(errorFromStatus(invalid([one, one]), 'demo').message).toBe(
    'The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  );
  expect(errorFromStatus(invalid([one, other, one]), 'demo').message).toBe(
    [
      'The Deployment "web" is invalid: ',
      '* spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      '* spec.selector: field is immutable',
    ].join('\n'),
  );
  expect(errorFromStatus({ ...invalid([], '', ''), message: 'nope' }, 'demo').message).toBe(
    'The request is invalid: nope',
  );
});

test('a budget’s own words are kept when it forbids an eviction', () => {
  const error = errorFromStatus(
    {
      code: 429,
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          { reason: 'DisruptionBudget', message: 'The disruption budget web needs 2 healthy pods and has 2 currently' },
        ],
      },
    },
    'demo',
  );

  expect(error.message).toContain('The disruption budget web needs 2 healthy pods and has 2 currently');
});

test('a body that is no Status is quoted, briefly and on one line', () => {
  const page = `<html>\n  <b>502</b>${'x'.repeat(1_000)}</html>`;

  const status = statusFromBody(502, page);

  expect(status.message).toMatch(
    /^an error on the server \("<html> <b>502<\/b>x+"\) has prevented the request from succeeding$/,
  );
  expect(status.message.length).toBeLessThan(300);
  expect(statusFromBody(404, '404 page not found').message).toBe('the server could not find the requested resource');
});

test.each([
  ['ECONNREFUSED', 'Unable to connect to the server of cluster demo: connection refused.'],
  ['ENOTFOUND', 'Unable to connect to the server of cluster demo: no such host.'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'The certificate of cluster demo is not trusted (SELF_SIGNED_CERT_IN_CHAIN).'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate of cluster demo is not trusted (ERR_TLS_CERT_ALTNAME_INVALID).'],
  ['EWEIRD', 'Unable to connect to the server of cluster demo: EWEIRD.'],
])('the network trouble %s names the cluster and no address', (code, text) => {
  const cause = Object.assign(new Error('connect 10.0.0.1:6443 with Bearer abc'), { code });

  const error = errorFromNetwork(new TypeError('fetch failed', { cause }), 'demo');

  expect(error.message).toBe(text);
  expect(`${error.message} ${error.hint}`).not.toContain('10.0.0.1');
  expect(error.retryable).toBe(true);
});
