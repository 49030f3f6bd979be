import { redactValue } from '../../redact/values.ts';
import { EVIDENCE_BYTES, type Evidence, type LogTail } from './evidence.ts';

/** Our own ids, which no pattern may take for a secret. */
const OURS = new Set(['uid', 'incident', 'signals', 'cluster']);

/** Everything redacted, and made to fit: the oldest log lines go first, then the least of the rest. Pure. */
export function bounded(evidence: Evidence): Evidence {
  let kept = redactValue(evidence, OURS);
  for (let tries = 0; tries < 12 && sizeOf(kept) > EVIDENCE_BYTES; tries++) {
    const longest = kept.logs.toSorted((a, b) => sizeOf(b.lines) - sizeOf(a.lines))[0];
    if (longest && longest.lines.length > 4)
      kept = { ...kept, logs: kept.logs.map((log) => (log === longest ? halved(log) : log)) };
    else kept = thinned(kept);
  }
  return kept;
}

/** The document's size in etcd, without its envelope. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function halved(log: LogTail): LogTail {
  return { ...log, lines: log.lines.slice(-Math.ceil(log.lines.length / 2)), isCut: true };
}

function thinned(evidence: Evidence): Evidence {
  const { template } = evidence;
  const half = <T>(list: readonly T[]): T[] => list.slice(0, Math.floor(list.length / 2));
  return {
    ...evidence,
    logs: evidence.logs.map((log) => ({
      ...log,
      lines: log.lines.map((line) => line.slice(0, line.length >> 1)),
      isCut: true,
    })),
    events: evidence.events.slice(-Math.ceil(evidence.events.length / 2)).map((event) => ({
      ...event,
      message: event.message.slice(0, 200),
    })),
    ...(template && {
      template: {
        ...template,
        fields: half(template.fields),
        more: template.more + Math.ceil(template.fields.length / 2),
      },
    }),
    missing: evidence.missing.slice(0, 5).map(({ what, why }) => ({ what, why: why.slice(0, 200) })),
  };
}
