import type { KeptBook } from '../book/book.ts';
import { resolved } from '../lifecycle/resolve.ts';
import { DAY } from '../rule.ts';

/** Replicas may run with different config files for a while: what was written lately is somebody's. */
const ABANDONED_MS = DAY;

/**
 * Ends the incidents of clusters that the config file no longer names: nobody watches them, so nobody else would ever. Safe to repeat.
 * @returns how many were ended.
 */
export async function endOrphans(
  book: Pick<KeptBook, 'current' | 'apply'>,
  clusters: readonly string[],
  now: number,
): Promise<number> {
  const orphans = (await book.current()).filter(
    ({ value: { status, kind, cluster, openedAt, log } }) =>
      status === 'firing' &&
      (kind === 'root' || kind === 'storm') &&
      cluster !== '' &&
      !clusters.includes(cluster) &&
      (log.at(-1)?.at ?? openedAt) < now - ABANDONED_MS,
  );
  for (const { value } of orphans)
    await book.apply(value.id, (incident, at) => resolved(incident, { how: 'while-away' }, at));
  return orphans.length;
}
