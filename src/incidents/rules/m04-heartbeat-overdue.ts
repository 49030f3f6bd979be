import { defineRule, type Finding, lasting, MINUTE, moment, type SeenByKind } from '../../sdk/rules.ts';

type Status = SeenByKind['Shipmate']['status'];

export default defineRule({
  id: 'M04',
  title: 'heartbeat overdue',
  summary: 'Something that should report regularly has fallen silent, or Shipmate’s own sign of life does not get out.',
  kind: 'Shipmate',
  domain: 'shipmate',
  settings: { ping: lasting(5 * MINUTE, 'how long Shipmate’s own sign of life may fail') },
  resolveAfterMs: MINUTE,
  evidence: [],
  actions: [],
  source: 'Watchdog (kube-prometheus)',
  drill: { cause: 'no sign of life from "Watchdog" since 1 Jan 03:00 UTC', severity: 'high' },
  judge({ status }, at) {
    return [...overdue(status), ...ping(status, at.setting('ping'))];
  },
});

/** Their grace is over already when they stand here. */
function overdue({ heartbeats }: Status): readonly Finding[] {
  return heartbeats.map(({ name, overdueSince }) => ({
    key: `heartbeat ${name}`,
    since: overdueSince,
    holdMs: 0,
    severity: 'high',
    cause: `"${name}" is silent: a sign of life was due ${moment(overdueSince)}`,
    causeClass: 'other',
  }));
}

function ping({ pingFailingSince }: Status, holdMs: number): readonly Finding[] {
  if (pingFailingSince === 0) return [];
  const cause = `its own sign of life (alerts.deadman) does not get out since ${moment(pingFailingSince)}`;
  return [{ key: 'ping', since: pingFailingSince, holdMs, severity: 'high', cause, causeClass: 'other' }];
}
