import { defineRule, endedAt, failureClass, HOUR, lasting, MINUTE } from '../../sdk/rules.ts';

/**
 * The node went away, not the program. N01 carries it: this is said inside an incident that is open anyway and never opens one. An exit
 * code of 137 with ContainerStatusUnknown belongs here: nobody saw how the container ended, least of all that it was out of memory.
 */
export default defineRule({
  id: 'P12',
  title: 'lost with its node',
  summary: 'A pod ended because its node shut down or was lost.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(0, 'it has happened'),
    recent: lasting(HOUR, 'after which it explains nothing any more'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['N'],
  actions: [],
  drill: { cause: 'lost with node-1: NodeShutdown', severity: 'info' },
  judge(pod, at) {
    if (failureClass(pod) !== 'node') return [];
    const since = endedAt(pod);
    if (at.now - since >= at.setting('recent')) return [];
    const node = pod.spec.nodeName;
    return [
      {
        since,
        holdMs: at.setting('hold'),
        severity: 'info',
        cause: `lost with ${node ?? 'its node'}${pod.status.reason ? `: ${pod.status.reason}` : ''}`,
        causeClass: 'node',
        shares: node === undefined ? {} : { node },
        isFolded: true,
        lookAgainAt: since + at.setting('recent'),
      },
    ];
  },
});
