import type { EtcdCluster } from '../etcd/etcd-cluster.ts';
import { flag, text } from '../pipeline/args.ts';
import { timeOfDay } from '../time.ts';

/** What `/etcd` commands may import beside `index.ts`. */
export type { EtcdCluster, KeyEvent, KeyValue, RangeRequest, RangeResponse } from '../etcd/etcd-cluster.ts';
export { fieldsOutput, jsonOutput, simpleOutput } from '../etcd/etcdctl-output.ts';
export { hideSecrets } from '../etcd/hidden-values.ts';
export { bytesOf, type KeyRange, prefixRange } from '../etcd/keys.ts';
export { leaseId, leaseText } from '../etcd/lease-id.ts';
export { type Entry, type Listing, listLevel } from '../etcd/listing.ts';
export { type Selection, selectKeys } from '../etcd/selection.ts';
export { bytes, displayKey, displayValue, displayValueShort, hex, valueText } from '../etcd/text.ts';
export { typedLine } from '../etcd/typed-line.ts';
export { changedSincePlan, type Expected, type Trace, traceWrite } from '../etcd/write-check.ts';

/** `--cluster` of every `/etcd` command. */
export const etcdFlag = flag(text, {
  placeholder: 'ALIAS',
  summary: 'etcd cluster from the config (default: the first one)',
});

/** Small print under an answer: where, at which revision, who answered, when. */
export function etcdFooter(
  cluster: EtcdCluster,
  now: number,
  answer: { revision: string; origin?: { endpoint: string } },
): string {
  const where = cluster.isProduction ? `etcd ${cluster.name} (PROD)` : `etcd ${cluster.name}`;
  const by = answer.origin ? [answer.origin.endpoint] : [];
  return [where, `rev ${answer.revision}`, ...by, timeOfDay(now)].join(' · ');
}

/** `etcd-get-main-20261120T0941Z.txt` */
export function etcdFilename(verb: string, cluster: EtcdCluster, now: number, extension = 'txt'): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]/g, '').slice(0, 13);
  return `etcd-${verb}-${cluster.name}-${stamp}Z.${extension}`;
}
