import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Shipmate's own measurements, Prometheus' words, prefix `shipmate_`. One registry for each app, so that tests can run several. */
export interface Metrics {
  /** Slack's delivery → our ack, seconds. */
  ack(seconds: number): void;
  /** Received → answered (reads) or received → outcome (changes), seconds. */
  command(command: string, outcome: string, seconds: number): void;
  slack(method: string, result: string): void;
  jobs(queue: string, state: string, count: number): void;
  outbox(pending: number, oldestSeconds: number): void;
  /** The text of `/metrics`. */
  expose(): Promise<{ contentType: string; body: string }>;
}

export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const ack = new Histogram({
    name: 'shipmate_command_ack_seconds',
    help: 'Slack delivery to acknowledgement',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
    registers,
  });
  const duration = new Histogram({
    name: 'shipmate_command_duration_seconds',
    help: 'Command received to its answer or outcome',
    labelNames: ['command', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const slack = new Counter({
    name: 'shipmate_slack_requests_total',
    help: 'Slack Web API calls by result',
    labelNames: ['method', 'result'],
    registers,
  });
  const jobs = new Gauge({
    name: 'shipmate_jobs',
    help: 'Jobs by queue and state',
    labelNames: ['queue', 'state'],
    registers,
  });
  const pending = new Gauge({ name: 'shipmate_outbox_pending', help: 'Messages not yet delivered', registers });
  const oldest = new Gauge({
    name: 'shipmate_outbox_oldest_seconds',
    help: 'Age of the oldest undelivered message',
    registers,
  });
  const registry = registers[0] as Registry;
  return {
    ack: (seconds) => ack.observe(seconds),
    command: (command, outcome, seconds) => duration.observe({ command, outcome }, seconds),
    slack: (method, result) => slack.inc({ method, result }),
    jobs: (queue, state, count) => jobs.set({ queue, state }, count),
    outbox(count, age) {
      pending.set(count);
      oldest.set(age);
    },
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
