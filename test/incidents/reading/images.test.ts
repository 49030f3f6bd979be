import { expect, test } from 'vitest';
import { parseImage, pullFailure } from '../../../src/incidents/reading/images.ts';

test.each([
  ['nginx', { registry: 'docker.io', repository: 'library/nginx', tag: '', digest: '' }],
  ['nginx:1.27', { registry: 'docker.io', repository: 'library/nginx', tag: '1.27' }],
  ['team/web:2', { registry: 'docker.io', repository: 'team/web', tag: '2' }],
  ['index.docker.io/team/web', { registry: 'docker.io', repository: 'team/web' }],
  ['registry.example.com/shop/web:9', { registry: 'registry.example.com', repository: 'shop/web', tag: '9' }],
  ['registry.example.com:5000/web', { registry: 'registry.example.com:5000', repository: 'web', tag: '' }],
  ['localhost/web:1', { registry: 'localhost', repository: 'web', tag: '1' }],
  ['ghcr.io/a/b/c:1@sha256:0a', { registry: 'ghcr.io', repository: 'a/b/c', tag: '1', digest: 'sha256:0a' }],
])('%s', (reference, name) => {
  expect(parseImage(reference)).toMatchObject(name);
});

test.each([
  [
    'rpc error: code = NotFound desc = failed to pull and unpack image: failed to resolve reference: not found',
    'not found',
    true,
  ],
  ['manifest for a:1 not found: manifest unknown: manifest unknown', 'not found', true],
  [
    "pull access denied for a, repository does not exist or may require 'docker login': denied: requested access",
    'not found, or no access',
    true,
  ],
  [
    'failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
    'no access (unauthorized)',
    true,
  ],
  ['no match for platform in manifest: not found', 'not built for this node’s platform', true],
  [
    '429 Too Many Requests - toomanyrequests: You have reached your pull rate limit',
    'registry refuses for now: rate limit',
    false,
  ],
  [
    'dial tcp: lookup registry.example.com on 10.0.0.10:53: no such host',
    'registry cannot be reached: host name is unknown',
    false,
  ],
  ['dial tcp 10.1.1.1:443: i/o timeout', 'registry cannot be reached: timeout', false],
  [
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'registry’s certificate is not trusted',
    false,
  ],
  ['write /var/lib/containerd/x: no space left on device', 'no space left on the node’s disk', false],
  ['unexpected status code 503 Service Unavailable', 'registry answers with an error', false],
])('%s', (message, what, isCertain) => {
  expect(pullFailure(message)).toMatchObject({ what, isCertain });
});

test('a bare back-off tells no cause', () => {
  expect(pullFailure('Back-off pulling image "registry.example.com/a:1"')).toBeUndefined();
  expect(pullFailure('')).toBeUndefined();
});
