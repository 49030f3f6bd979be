import type { Change } from '../../state/store.ts';
import type { Bridge, RelayDeps } from './bridge.ts';
import { type Addressed, listAddressed, type RelayRow, TOLD, type Told } from './rows.ts';

/** What made Slack ill just now must not be dropped as if it were well. */
const DROPPED_AFTER_MS = 120_000;

/**
 * Of the rows of a bridge that only stands in for Slack, those that are told now: all while Slack is ill; otherwise what is wrong with
 * Shipmate itself, and the rest of what it was told of. What Slack has had two minutes for is dropped.
 */
export async function standingIn(
  due: readonly Addressed<RelayRow>[],
  bridge: Bridge,
  deps: RelayDeps,
  check: Change,
): Promise<readonly Addressed<RelayRow>[]> {
  if (due.length === 0 || !deps.isSlackWell()) return due;
  const told = await listAddressed<Told>(deps.store, TOLD, bridge.config.name);
  const known = new Set(told.filter(({ entry }) => entry.value.status !== 'resolved').map(({ incident }) => incident));
  const isForIt = (row: Addressed<RelayRow>): boolean => row.entry.value.isOwn === true || known.has(row.incident);
  const old = due.filter((row) => !isForIt(row) && deps.clock() - row.entry.value.since > DROPPED_AFTER_MS);
  for (const { entry } of old)
    await deps.store.commit([check, { op: 'del', path: entry.path, expect: { revision: entry.revision } }]);
  return due.filter(isForIt);
}
