/** "About one message per second per channel, with short bursts": a bucket per channel. */
export class PostLimit {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** @returns undefined when the post may go, else the seconds for `Retry-After`. */
  take(
    channel: string,
    limit: { readonly burst: number; readonly perSecond: number },
    now: number,
  ): number | undefined {
    const bucket = this.#buckets.get(channel) ?? { tokens: limit.burst, at: now };
    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.at) / 1_000) * limit.perSecond);
    bucket.at = now;
    this.#buckets.set(channel, bucket);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return undefined;
    }
    return Math.max(1, Math.ceil((1 - bucket.tokens) / limit.perSecond));
  }
}
