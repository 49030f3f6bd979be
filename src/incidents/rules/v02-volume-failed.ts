import { defineRule, lasting, MINUTE, plainMessage } from '../../sdk/rules.ts';

/** The other half of the catalogue's V01: a rule judges one kind. */
export default defineRule({
  id: 'V02',
  title: 'volume failed',
  summary: 'A PersistentVolume is Failed: it was released and could not be reclaimed.',
  kind: 'PersistentVolume',
  domain: 'storage',
  settings: { hold: lasting(5 * MINUTE, 'how long it is Failed') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E'],
  actions: ['describe'],
  source: 'KubePersistentVolumeErrors (kubernetes-mixin)',
  drill: { cause: 'could not be reclaimed: disk is still attached to harbour-2', severity: 'high' },
  judge({ spec, status }, at) {
    if (status.phase !== 'Failed') return [];
    const why = plainMessage(status.message) || status.reason;
    return [
      {
        since: status.lastPhaseTransitionTime || undefined,
        holdMs: at.setting('hold'),
        severity: 'high',
        cause: `could not be reclaimed${why === '' ? '' : `: ${why}`}`,
        causeClass: 'volume',
        facts: [
          ...(spec.claim ? [{ label: 'Was claimed by', value: `${spec.claim.namespace}/${spec.claim.name}` }] : []),
          { label: 'Storage class', value: spec.storageClassName || 'none' },
        ],
        shares: { storageClass: spec.storageClassName || undefined },
      },
    ];
  },
});
