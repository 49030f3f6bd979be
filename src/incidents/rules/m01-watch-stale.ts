import { defineRule, lasting, MINUTE, moment, SECOND } from '../../sdk/rules.ts';

export default defineRule({
  id: 'M01',
  title: 'watch stale',
  summary: 'Shipmate does not see what changes in a cluster: a watch brings nothing although the world has moved on.',
  kind: 'Shipmate',
  domain: 'shipmate',
  // A quiet watch speaks once a minute, so its last word may be that old when the connection breaks. Most breaks are over in seconds.
  settings: { hold: lasting(2 * MINUTE, 'how long a watch may bring nothing') },
  resolveAfterMs: 30 * SECOND,
  evidence: [],
  actions: [],
  source: 'kubernetes-client/javascript#596, #958, #364: watches that fall silent',
  drill: { cause: 'blind for pods since 1 Jan 03:00 UTC: connection refused', severity: 'critical' },
  judge({ status }, at) {
    return status.watches
      .filter(({ staleSince }) => staleSince > 0)
      .map(({ resource, staleSince, error }) => ({
        key: resource,
        since: staleSince,
        holdMs: at.setting('hold'),
        severity: 'critical',
        cause: `blind for ${resource} since ${moment(staleSince)}${error === '' ? '' : `: ${error.replace(/\.$/, '')}`}`,
        causeClass: 'controller',
      }));
  },
});
