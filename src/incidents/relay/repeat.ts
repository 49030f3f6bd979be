import type { Change } from '../../state/store.ts';
import type { Bridge, RelayDeps, Term } from './bridge.ts';
import { outgoingOf } from './outgoing.ts';
import { type Addressed, listAddressed, TOLD, type Told } from './rows.ts';

const AT_ONCE = 8;

/**
 * Says again what still fires, to those who would forget it. Under the severity that they know: a new one has a row of its own on its way.
 * One who does not answer is left alone until the next look.
 */
export async function repeat(bridge: Bridge, everyMs: number, deps: RelayDeps, { signal, check }: Term): Promise<void> {
  const told = await listAddressed<Told>(deps.store, TOLD, bridge.config.name);
  const due = told.filter(({ entry }) => entry.value.status !== 'resolved' && deps.clock() - entry.value.at >= everyMs);
  for (let at = 0; at < due.length && !signal.aborted; at += AT_ONCE) {
    const took = await Promise.all(
      due.slice(at, at + AT_ONCE).map((note) => repeatOne(note, bridge, deps, signal, check)),
    );
    if (took.every((isTaken) => !isTaken)) return;
  }
}

/** @returns false when the other side did not take it. */
async function repeatOne(
  { incident, entry }: Addressed<Told>,
  bridge: Bridge,
  deps: RelayDeps,
  signal: AbortSignal,
  check: Change,
): Promise<boolean> {
  const current = (await deps.book.get(incident))?.value;
  const { path, revision, value } = entry;
  // Swept: nobody would ever take it back, and the other side forgets it by itself.
  if (!current) await deps.store.commit([check, { op: 'del', path, expect: { revision } }]);
  // Its end is on its way.
  if (!current || current.status === 'resolved') return true;
  const now = deps.clock();
  const alert = { ...outgoingOf(current, await deps.link(current)), status: value.status, severity: value.severity };
  const delivery = await bridge.target.send(alert, {
    id: `${bridge.config.name}.${incident}.${now}`,
    signal,
    now,
    knownAs: value.severity,
  });
  if (!delivery.ok) return false;
  await deps.store.commit([check, { op: 'put', path, value: { ...value, at: now }, expect: { revision } }]);
  return true;
}
