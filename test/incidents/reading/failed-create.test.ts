import { expect, test } from 'vitest';
import { refusalOf } from '../../../src/incidents/reading/failed-create.ts';

test.each([
  [
    'pods "a" is forbidden: exceeded quota: compute, requested: limits.cpu=1, used: limits.cpu=4, limited: limits.cpu=4',
    {
      by: 'quota',
      what: 'quota compute is full: asks for limits.cpu=1, used limits.cpu=4, limit limits.cpu=4',
      shares: { quota: 'shop/compute' },
    },
  ],
  [
    'pods "a" is forbidden: failed quota: compute: must specify limits.cpu for: app; requests.cpu for: app',
    {
      by: 'quota',
      what: 'quota compute wants limits.cpu for: app; requests.cpu for: app to be set',
      shares: { quota: 'shop/compute' },
    },
  ],
  [
    'admission webhook "validation.gatekeeper.sh" denied the request: [owner] label is missing',
    {
      by: 'webhook',
      what: 'admission webhook validation.gatekeeper.sh refuses: [owner] label is missing',
      shares: { webhook: 'validation.gatekeeper.sh' },
    },
  ],
  [
    'Internal error occurred: failed calling webhook "sidecar.mesh.io": failed to call webhook: Post "https://mesh.svc:443/inject?timeout=10s": dial tcp 10.0.0.1:443: connect: connection refused',
    {
      by: 'webhook',
      what: 'admission webhook sidecar.mesh.io cannot be called: connection refused',
      shares: { webhook: 'sidecar.mesh.io' },
    },
  ],
  [
    'pods "a" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    {
      by: 'pod security',
      what: 'pod security "restricted:latest" forbids it: allowPrivilegeEscalation != false',
      shares: {},
    },
  ],
  [
    'pods "a" is forbidden: [maximum cpu usage per Container is 1, but limit is 2]',
    { by: 'limit range', what: 'limit range: maximum cpu usage per Container is 1, but limit is 2', shares: {} },
  ],
  [
    'pods "a" is forbidden: error looking up service account shop/web: serviceaccount "web" not found',
    { by: 'service account', what: 'service account web does not exist', shares: {} },
  ],
  [
    'pods "a" is forbidden: no PriorityClass with name urgent was found',
    { by: 'priority class', what: 'priority class urgent does not exist', shares: {} },
  ],
  [
    "pods \"a\" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'all' denied request: image tag latest",
    { by: 'policy', what: 'policy no-latest refuses: image tag latest', shares: {} },
  ],
  [
    'create Pod db-0 in StatefulSet db failed error: Pod "db-0" is invalid: spec.containers[0].name: Required value',
    { by: 'API server', what: 'the API server refuses: spec.containers[0].name: Required value', shares: {} },
  ],
  ['', { by: 'API server', what: 'the API server refuses: without a reason', shares: {} }],
])('%s', (message, refusal) => {
  expect(refusalOf(message, 'shop')).toEqual(refusal);
});
