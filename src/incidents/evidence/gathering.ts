import { asShipmateError } from '../../errors.ts';
import type { Cluster } from '../../kubernetes/cluster.ts';
import type { Clock } from '../../time.ts';
import type { EvidenceCode } from '../rule.ts';
import type { Sight } from '../sight.ts';
import type { Missing } from './evidence.ts';

/** Each part has so long: an API server that hangs must not keep the others waiting. */
const PART_MS = 3_000;

/** One capture under way: what it is taken with, and what it could not have. */
export interface Gathering {
  readonly cluster: Cluster;
  readonly sight: Sight | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly missing: readonly Missing[];
  readonly wantsPod: boolean;
  wants(...codes: readonly EvidenceCode[]): boolean;
  lacks(what: string, why: string): void;
  /** Does one part within its time. A failure is noted, and the answer is undefined. @throws only the signal's reason. */
  part<T>(
    what: string,
    work: (limits: { signal: AbortSignal; deadlineMs: number }) => Promise<T>,
  ): Promise<T | undefined>;
}

export function createGathering(
  deps: {
    readonly cluster: Cluster;
    readonly sight?: Sight | undefined;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
  codes: ReadonlySet<EvidenceCode>,
): Gathering {
  const missing: Missing[] = [];
  const lacks = (what: string, why: string): void => void missing.push({ what, why });
  const wants = (...asked: readonly EvidenceCode[]): boolean => asked.some((code) => codes.has(code));
  return {
    cluster: deps.cluster,
    sight: deps.sight,
    clock: deps.clock,
    signal: deps.signal,
    missing,
    wantsPod: wants('L', 'X', 'R', 'N', 'I', 'E'),
    wants,
    lacks,
    async part(what, work) {
      const limit = AbortSignal.timeout(PART_MS);
      try {
        return await work({ signal: AbortSignal.any([deps.signal, limit]), deadlineMs: PART_MS });
      } catch (error) {
        deps.signal.throwIfAborted();
        lacks(what, limit.aborted ? `No answer within ${PART_MS / 1_000} s.` : asShipmateError(error).message);
        return undefined;
      }
    },
  };
}
