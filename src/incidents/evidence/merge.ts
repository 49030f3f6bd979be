import { bounded } from './bounded.ts';
import type { Evidence, Missing } from './evidence.ts';

/**
 * A later look beside the first: what is new wins where it found something, and what only the first one saw is kept; logs rotate and
 * events go. Pure.
 */
export function merged(earlier: Evidence | undefined, later: Evidence): Evidence {
  if (!earlier) return later;
  const either = <T>(now: readonly T[], before: readonly T[]): readonly T[] => (now.length > 0 ? now : before);
  return bounded({
    ...later,
    capturedAt: earlier.capturedAt,
    codes: [...new Set([...earlier.codes, ...later.codes])],
    signals: [...new Set([...earlier.signals, ...later.signals])].slice(-24),
    pod: later.pod ?? earlier.pod,
    container: later.container ?? earlier.container,
    logs: either(later.logs, earlier.logs),
    events: either(later.events, earlier.events),
    exits: either(later.exits, earlier.exits),
    images: either(later.images, earlier.images),
    template: later.template ?? earlier.template,
    node: later.node ?? earlier.node,
    resources: either(later.resources, earlier.resources),
    change: later.change ?? earlier.change,
    missing: stillMissing([...later.missing, ...earlier.missing]),
  });
}

function stillMissing(all: readonly Missing[]): readonly Missing[] {
  return [...new Map(all.map((one) => [one.what, one])).values()];
}
