import {
  defineRule,
  type Finding,
  isBoundLate,
  type Judging,
  lasting,
  MINUTE,
  plainMessage,
  provisioningFailure,
  type SeenByKind,
  type SeenEvent,
  waitsForConsumer,
} from '../../sdk/rules.ts';

type Claim = SeenByKind['PersistentVolumeClaim'];

export default defineRule({
  id: 'V01',
  title: 'no volume',
  summary: 'A PersistentVolumeClaim gets no volume, or has lost the one that it had.',
  kind: 'PersistentVolumeClaim',
  domain: 'storage',
  settings: { hold: lasting(5 * MINUTE, 'how long it is Pending or Lost') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E'],
  actions: ['describe'],
  source: 'KubePersistentVolumeErrors (kubernetes-mixin)',
  drill: { cause: 'no volume from class "fast": quota of disks exceeded', severity: 'warning' },
  judge(claim, at) {
    if (claim.status.phase === 'Lost') return [lost(claim, at)];
    // A claim that waits for its first pod is well: P06 speaks for a pod that cannot be placed.
    if (claim.status.phase !== 'Pending' || waitsForConsumer(claim, at.sight)) return [];
    return [pending(claim, at)];
  },
});

function lost(claim: Claim, at: Judging): Finding {
  return {
    key: 'lost',
    holdMs: at.setting('hold'),
    severity: 'high',
    cause: `lost its volume ${claim.spec.volumeName || '(unknown)'}: the data may be gone`,
    causeClass: 'volume',
    facts: [{ label: 'Storage class', value: claim.spec.storageClassName || 'none' }],
    shares: sharesOf(claim),
  };
}

function pending(claim: Claim, at: Judging): Finding {
  const failure = provisioningFailure(claim, at.sight);
  const { storageClassName } = claim.spec;
  const from = storageClassName === '' ? 'no volume' : `no volume from class "${storageClassName}"`;
  return {
    key: 'pending',
    since: sinceOf(claim, at, failure),
    holdMs: at.setting('hold'),
    severity: 'warning',
    cause: failure
      ? `${from}: ${plainMessage(failure.message)}`
      : `${from}: nothing has been provisioned, and nobody says why`,
    causeClass: 'volume',
    facts: [
      { label: 'Storage class', value: storageClassName || 'none' },
      ...(failure ? [{ label: 'Event', value: failure.reason }] : []),
    ],
    shares: sharesOf(claim),
  };
}

/** A claim that waited for its first pod may be old; its trouble began with the first failure. */
function sinceOf(claim: Claim, at: Judging, failure: SeenEvent | undefined): number | undefined {
  const created = claim.metadata.creationTimestamp || undefined;
  return failure && isBoundLate(claim, at.sight) ? failure.firstTimestamp : created;
}

function sharesOf({ spec }: Claim): NonNullable<Finding['shares']> {
  return { storageClass: spec.storageClassName || undefined };
}
