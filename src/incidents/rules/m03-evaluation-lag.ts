import { defineRule, lasting, MINUTE, SECOND } from '../../sdk/rules.ts';

export default defineRule({
  id: 'M03',
  title: 'judging lags',
  summary: 'Changes of a cluster wait before they are judged or recorded: alerts come late.',
  kind: 'Shipmate',
  domain: 'shipmate',
  settings: {
    lag: lasting(30 * SECOND, 'how long the oldest change may wait'),
    hold: lasting(MINUTE, 'how long it lags'),
  },
  resolveAfterMs: MINUTE,
  evidence: [],
  actions: [],
  drill: { cause: 'changes wait for more than 30 s before they are judged', severity: 'critical' },
  judge({ status }, at) {
    const lag = at.setting('lag');
    if (status.lagMs <= lag) return [];
    return [
      {
        holdMs: at.setting('hold'),
        severity: 'critical',
        cause: `changes wait for more than ${Math.round(lag / SECOND)} s before they are judged`,
        causeClass: 'controller',
      },
    ];
  },
});
