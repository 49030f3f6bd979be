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
  /** End of the hold → incident recorded, seconds. */
  detect(rule: string, seconds: number): void;
  /** Detected → taken by Slack, seconds. */
  notify(severity: string, seconds: number): void;
  /** Replaces all figures: how many incidents there are by severity and status. */
  incidents(counts: readonly { readonly severity: string; readonly status: string; readonly count: number }[]): void;
  /** For how many seconds what is known of a kind may have been old; 0 while its watch flows. */
  watchStaleness(cluster: string, kind: string, seconds: number): void;
  leader(role: string, cluster: string, isLeading: boolean): void;
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
  const watching = createWatchMetrics(registers);
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
    ...watching,
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function createWatchMetrics(
  registers: Registry[],
): Pick<Metrics, 'detect' | 'notify' | 'incidents' | 'watchStaleness' | 'leader'> {
  const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
  const detect = new Histogram({
    name: 'shipmate_detect_seconds',
    help: 'End of a hold to the recorded incident',
    labelNames: ['rule'],
    buckets,
    registers,
  });
  const notify = new Histogram({
    name: 'shipmate_notify_seconds',
    help: 'Incident detected to its message taken by Slack',
    labelNames: ['severity'],
    buckets,
    registers,
  });
  const incidents = new Gauge({
    name: 'shipmate_incidents',
    help: 'Incidents that are current',
    labelNames: ['severity', 'status'],
    registers,
  });
  const staleness = new Gauge({
    name: 'shipmate_watch_staleness_seconds',
    help: 'How long what is known of a kind may have been old; 0 while its watch flows',
    labelNames: ['cluster', 'kind'],
    registers,
  });
  const leader = new Gauge({
    name: 'shipmate_leader',
    help: '1 where this process leads',
    labelNames: ['role', 'cluster'],
    registers,
  });
  return {
    detect: (rule, seconds) => detect.observe({ rule }, Math.max(0, seconds)),
    notify: (severity, seconds) => notify.observe({ severity }, Math.max(0, seconds)),
    incidents(counts) {
      incidents.reset();
      for (const { severity, status, count } of counts) incidents.set({ severity, status }, count);
    },
    watchStaleness: (cluster, kind, seconds) => staleness.set({ cluster, kind }, seconds),
    leader: (role, cluster, isLeading) => leader.set({ role, cluster }, isLeading ? 1 : 0),
  };
}
