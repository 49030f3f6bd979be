import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { withoutEvent } from '../../../src/chat/receive/envelope.ts';
import { distrust, SeenSignatures } from '../../../src/chat/receive/signature.ts';

const SECRET = 'practice-signing-secret';
const NOW = 1_800_000_000_000;
const signed = (at: number, body = 'command=%2Fk8s', secret = SECRET) => {
  const timestamp = String(Math.floor(at / 1_000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return { timestamp, signature, body };
};

describe('a request that claims to come from Slack', () => {
  test('signed just now is trusted', () => {
    expect(distrust(signed(NOW), SECRET, NOW)).toBeUndefined();
  });

  test.each([
    ['too old', signed(NOW - 301_000)],
    ['from the future', signed(NOW + 61_000)],
    ['wrong signature', signed(NOW, 'command=%2Fk8s', 'another')],
    ['wrong signature', { ...signed(NOW), body: 'command=%2Fetcd' }],
    ['wrong signature', { ...signed(NOW), signature: 'v0=short' }],
    ['unsigned', { ...signed(NOW), signature: undefined }],
    ['unsigned', { ...signed(NOW), timestamp: 'now' }],
  ])('is refused as %s', (reason, request) => {
    expect(distrust(request, SECRET, NOW)).toBe(reason);
  });
});

describe('a signature', () => {
  test('is taken once', () => {
    const seen = new SeenSignatures();

    expect(seen.add('v0=a', NOW)).toBe(true);
    expect(seen.add('v0=a', NOW + 299_000)).toBe(false);
  });

  test('of a delivery that failed is taken again', () => {
    const seen = new SeenSignatures();
    seen.add('v0=a', NOW);

    seen.forget('v0=a');

    expect(seen.add('v0=a', NOW)).toBe(true);
  });
});

describe('an envelope without an event', () => {
  test('is recognised, whatever its type', () => {
    const envelope = {
      type: 'events_api',
      envelope_id: 'e1',
      payload: { type: 'app_rate_limited', minute_rate_limited: 1 },
    };

    expect(withoutEvent(JSON.stringify(envelope))).toEqual({ type: 'app_rate_limited', id: 'e1' });
  });

  test.each(['{"type":"hello"}', '{"type":"events_api","payload":{"event":{"type":"message"}}}', '"events_api" {'])(
    'is not %s',
    (message) => {
      expect(withoutEvent(message)).toBeUndefined();
    },
  );
});
