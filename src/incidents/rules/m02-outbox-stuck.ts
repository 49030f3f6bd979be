import { defineRule, lasting, MINUTE, moment } from '../../sdk/rules.ts';

export default defineRule({
  id: 'M02',
  title: 'messages not delivered',
  summary: 'Messages wait in the outbox: Slack (or the way to it) does not take them.',
  kind: 'Shipmate',
  domain: 'shipmate',
  settings: {
    oldest: lasting(MINUTE, 'how long a message may wait'),
    hold: lasting(MINUTE, 'how long on top of that'),
  },
  resolveAfterMs: MINUTE,
  evidence: [],
  actions: [],
  drill: { cause: 'messages wait for Slack since 1 Jan 03:00 UTC', severity: 'critical' },
  judge({ status }, at) {
    const oldest = at.setting('oldest');
    // What waits for a moment is ordinary. Said before the minute is over, so that the hold ends on time although nothing changes.
    if (status.outboxSince === 0 || at.now - status.outboxSince < oldest / 2) return [];
    return [
      {
        since: status.outboxSince,
        holdMs: oldest + at.setting('hold'),
        severity: 'critical',
        cause: `messages wait for Slack since ${moment(status.outboxSince)}`,
        causeClass: 'controller',
        // No count: it grows with every message, and each change of a signal is one more message to wait.
      },
    ];
  },
});
