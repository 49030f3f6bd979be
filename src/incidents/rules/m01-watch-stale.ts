import { defineRule, moment, SECOND } from '../../sdk/rules.ts';

export default defineRule({
  id: 'M01',
  title: 'watch stale',
  summary: 'Shipmate does not see what changes in a cluster: a watch brings nothing although the world has moved on.',
  kind: 'Shipmate',
  domain: 'shipmate',
  settings: {},
  resolveAfterMs: 30 * SECOND,
  evidence: [],
  actions: [],
  source: 'kubernetes-client/javascript#596, #958, #364: watches that fall silent',
  drill: { cause: 'blind for pods since 1 Jan 03:00 UTC: connection refused', severity: 'critical' },
  judge({ status }) {
    return status.watches
      .filter(({ staleSince }) => staleSince > 0)
      .map(({ resource, staleSince, error }) => ({
        key: resource,
        since: staleSince,
        holdMs: 0,
        severity: 'critical',
        cause: `blind for ${resource} since ${moment(staleSince)}${error === '' ? '' : `: ${error}`}`,
        causeClass: 'controller',
      }));
  },
});
