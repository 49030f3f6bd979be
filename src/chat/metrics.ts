/** Where the Slack edge reports what it did. Every hook is optional; none may throw. */
export interface ChatMetrics {
  /** From a delivery to its acknowledgement. */
  ack?(seconds: number): void;
  /** One Web API call; `result` is `ok`, Slack's error code, or `ambiguous`. */
  request?(method: string, result: string): void;
  /** Slack refused the rich form and the plain one was sent instead. */
  plainForm?(slackError: string): void;
  /** Slack told us that it drops events because there are too many. */
  eventsRateLimited?(): void;
}
