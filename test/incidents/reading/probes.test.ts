import { expect, test } from 'vitest';
import { parseUnhealthy, probeKill } from '../../../src/incidents/reading/probes.ts';

const unhealthy = (message: string) => ({ reason: 'Unhealthy', message });

test.each([
  ['Readiness probe failed: HTTP probe failed with statuscode: 503', 'readiness', 'HTTP 503'],
  [
    'Liveness probe failed: Get "http://10.0.0.9:8080/livez": context deadline exceeded (Client.Timeout exceeded)',
    'liveness',
    'timeout',
  ],
  ['Startup probe failed: dial tcp 10.0.0.9:5432: connect: connection refused', 'startup', 'connection refused'],
  ['Readiness probe failed: pg_isready: no response', 'readiness', 'pg_isready: no response'],
  ['Readiness probe errored: rpc error: code = Unknown', 'readiness', 'rpc error: code = Unknown'],
])('%s', (message, kind, what) => {
  expect(parseUnhealthy(unhealthy(message))).toEqual({ kind, what });
});

test('other events are no probe failures', () => {
  expect(parseUnhealthy({ reason: 'BackOff', message: 'Readiness probe failed: x' })).toBeUndefined();
  expect(parseUnhealthy(unhealthy('something else'))).toBeUndefined();
});

test('a kill is one by a probe only if it says so, of this container, and lately', () => {
  const event = (message: string, lastTimestamp = 100) => ({
    about: 'u',
    type: 'Normal',
    reason: 'Killing',
    message,
    count: 1,
    firstTimestamp: 0,
    lastTimestamp,
  });

  expect(probeKill([event('Container app failed liveness probe, will be restarted')], 'app', 50)).toBe('liveness');
  expect(probeKill([event('Container app failed startup probe, will be restarted')], 'app', 50)).toBe('startup');
  expect(probeKill([event('Container app failed liveness probe, will be restarted')], 'web', 50)).toBeUndefined();
  expect(probeKill([event('Container app failed liveness probe, will be restarted', 40)], 'app', 50)).toBeUndefined();
  // kwatch#167: an ordinary stop.
  expect(probeKill([event('Stopping container app')], 'app', 50)).toBeUndefined();
});
