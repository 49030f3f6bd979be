import {
  counting,
  defineRule,
  type Finding,
  type Judging,
  lasting,
  MINUTE,
  percent,
  plural,
  quantityOf,
  type SeenByKind,
  type Sight,
  someOf,
} from '../../sdk/rules.ts';

type Quota = SeenByKind['ResourceQuota'];

interface Use {
  readonly resource: string;
  readonly used: string;
  readonly hard: string;
  readonly share: number;
}

export default defineRule({
  id: 'Q01',
  title: 'quota used up',
  summary: 'A ResourceQuota is nearly used up, or is used up and keeps pods from being created.',
  kind: 'ResourceQuota',
  domain: 'scaling',
  settings: {
    hold: lasting(15 * MINUTE, 'how long it is nearly used up'),
    nearlyPercent: counting(90, 'share of the hard limit that is told'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E'],
  actions: ['describe'],
  source: 'KubeQuotaAlmostFull (kubernetes-mixin)',
  drill: { cause: 'pods 10 of 10: 1 workload cannot create pods (deployment web)', severity: 'high' },
  judge(quota, at) {
    const uses = usesOf(quota);
    const nearly = uses.filter(({ share }) => share * 100 >= at.setting('nearlyPercent'));
    if (nearly.length === 0) return [];
    const refused = refusedBy(quota, at.sight);
    return refused.length > 0 ? [full(quota, { nearly, refused })] : [almostFull(quota, nearly, at)];
  },
});

/** No quota of zero: that is a prohibition, and always "full". */
function usesOf({ status }: Quota): readonly Use[] {
  return Object.entries(status.hard)
    .flatMap(([resource, hard]) => {
      const used = status.used[resource] ?? '0';
      const limit = quantityOf(hard) ?? 0;
      return limit > 0 ? [{ resource, used, hard, share: (quantityOf(used) ?? 0) / limit }] : [];
    })
    .sort((a, b) => b.share - a.share);
}

/** Workloads of the namespace whose pods this quota refuses, by the words of the API server in ReplicaFailure (R03). */
function refusedBy({ metadata }: Quota, sight: Sight): readonly string[] {
  const words = `exceeded quota: ${metadata.name},`;
  const found = new Set<string>();
  for (const kind of ['ReplicaSet', 'Deployment'] as const) {
    for (const workload of sight.inNamespace(kind, metadata.namespace)) {
      const isRefused = workload.status.conditions.some(
        ({ type, status, message }) => type === 'ReplicaFailure' && status === 'True' && message.includes(words),
      );
      if (!isRefused) continue;
      const root = sight.rootOf(workload);
      found.add(`${root.kind.toLowerCase()} ${root.name}`);
    }
  }
  return [...found].sort();
}

function full(quota: Quota, { nearly, refused }: { nearly: readonly Use[]; refused: readonly string[] }): Finding {
  return {
    key: 'full',
    holdMs: 0,
    severity: 'high',
    cause: `${wordsOf(nearly)}: ${plural(refused.length, 'workload')} cannot create pods (${someOf(refused)})`,
    causeClass: 'admission',
    facts: factsOf(nearly),
    shares: { quota: `${quota.metadata.namespace}/${quota.metadata.name}` },
  };
}

function almostFull(quota: Quota, nearly: readonly Use[], at: Judging): Finding {
  return {
    key: 'nearly',
    holdMs: at.setting('hold'),
    severity: 'info',
    cause: wordsOf(nearly),
    causeClass: 'capacity',
    facts: factsOf(nearly),
    shares: { quota: `${quota.metadata.namespace}/${quota.metadata.name}` },
  };
}

function wordsOf(uses: readonly Use[]): string {
  return someOf(uses.map(({ resource, used, hard }) => `${resource} ${used} of ${hard}`));
}

function factsOf(uses: readonly Use[]): NonNullable<Finding['facts']> {
  return uses.slice(0, 6).map(({ resource, used, hard, share }) => ({
    label: resource,
    value: `${used} of ${hard} (${percent(share)})`,
  }));
}
