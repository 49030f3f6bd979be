import type { Judgement } from '../access/access.ts';
import type { Asked } from '../access/policy/asked.ts';
import type { Shelf } from '../jobs/queues.ts';

/** What was decided about one invocation and why; kept for `/shipmate why`. */
export interface DecisionNote {
  readonly at: number;
  /** Where in its life: `command`, `plan`, `button`, `page`, `execution`. */
  readonly stage: string;
  readonly person: { readonly team: string; readonly user: string };
  readonly asked: readonly Asked[];
  readonly allowed: boolean;
  /** The rules that allowed it, or why not. */
  readonly because: string;
}

const KEEP_MS = 24 * 3_600_000;
const KEPT_AT_MOST = 20;

export async function keepDecision(shelf: Shelf, id: string, note: DecisionNote): Promise<void> {
  const kept = await decisionsOf(shelf, id);
  await shelf.put(`why.${id}`, [...kept, note].slice(-KEPT_AT_MOST), KEEP_MS);
}

export async function decisionsOf(shelf: Shelf, id: string): Promise<readonly DecisionNote[]> {
  return (await shelf.get<readonly DecisionNote[]>(`why.${id}`)) ?? [];
}

/** The reason of a judgement in a few words. Pure. */
export function because(judgement: Judgement): string {
  if (judgement.allowed) return judgement.by.join('; ');
  const { why } = judgement;
  if (why === 'foreign') return 'another workspace';
  return why.deniedBy ?? why.limit ?? `no rule gives ${why.missing}${why.where === '' ? '' : ` ${why.where}`}`;
}
