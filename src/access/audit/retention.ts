import type { Logger } from '../../log.ts';
import type { Store } from '../../state/store.ts';
import type { Chain } from './chain.ts';
import { GENESIS, HEAD_PATH, type Head } from './entry.ts';
import { range } from './trail.ts';
import { verifier } from './verify.ts';

/** Removed with one checkpoint: with head and checkpoint 102 of the 128 changes of a commit. */
const AT_ONCE = 100;

/**
 * Removes what is older than `before`, oldest first, each batch in the transaction that links the checkpoint which says up to where and with
 * which hash. A part of the chain that does not hold is never removed: it is evidence.
 * @param before epoch milliseconds.
 * @returns how many entries were removed.
 */
export async function prune(store: Store, chain: Chain, before: number, now: number, log: Logger): Promise<number> {
  for (let removed = 0; ; ) {
    const head = (await store.get<Head>(HEAD_PATH))?.value;
    if (!head) return removed;
    const base = head.base ?? GENESIS;
    // The head's own entry always stays.
    const candidates = await range(store, base.through + 1, Math.min(head.seq, base.through + 1 + AT_ONCE));
    const check = verifier(base);
    const old = [];
    for (const { path, value } of candidates) {
      if (value.at >= before) break;
      const broken = check.take(base.through + 1 + old.length, value);
      if (broken) {
        log.error({ broken }, 'The audit chain is broken where retention should begin; nothing is removed.');
        return removed;
      }
      old.push({ path, value });
    }
    const last = old.at(-1)?.value;
    if (!last) return removed;
    const pruned = { through: last.seq, hash: last.hash };
    const from = base.through + 1;
    await chain.checkpoint(
      { type: 'checkpoint', at: now, said: `${old.length} entries removed by retention`, detail: { pruned, from } },
      { from, base: pruned, paths: old.map(({ path }) => path) },
    );
    removed += old.length;
  }
}
