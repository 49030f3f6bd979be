import { createHmac, timingSafeEqual } from 'node:crypto';

/** Slack's own advice for old requests; Bolt accepts any timestamp in the future, which would let a captured request wait. */
export const OLDEST_MS = 5 * 60_000;
export const NEWEST_MS = 60_000;

export interface SignedRequest {
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: string;
}

/**
 * Why a request is not one that Slack signed just now; undefined when it is. Pure.
 * `v0=HMAC-SHA256(secret, "v0:" + timestamp + ":" + body)`, compared in constant time.
 */
export function distrust(request: SignedRequest, secret: string, now: number): string | undefined {
  const { timestamp, signature, body } = request;
  if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) return 'unsigned';
  const age = now - Number(timestamp) * 1_000;
  if (age > OLDEST_MS) return 'too old';
  if (age < -NEWEST_MS) return 'from the future';
  const expected = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : 'wrong signature';
}

/**
 * Signatures seen within the time in which they would be accepted again. A delivery that failed is forgotten, because Slack may repeat
 * it within the same second, and then with the same signature.
 */
export class SeenSignatures {
  readonly #seenAt = new Map<string, number>();

  /** @returns false when it was seen before. */
  add(signature: string, now: number): boolean {
    for (const [old, at] of this.#seenAt) {
      if (now - at <= OLDEST_MS + NEWEST_MS) break;
      this.#seenAt.delete(old);
    }
    if (this.#seenAt.has(signature)) return false;
    this.#seenAt.set(signature, now);
    return true;
  }

  forget(signature: string): void {
    this.#seenAt.delete(signature);
  }
}
