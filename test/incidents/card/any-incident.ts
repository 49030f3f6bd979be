import fc from 'fast-check';
import type { CardFrom } from '../../../src/incidents/card/living.ts';
import type { Incident, Resolution } from '../../../src/incidents/incident.ts';
import { CAUSE_CLASSES } from '../../../src/incidents/rule.ts';
import { SEVERITIES } from '../../../src/incidents/severity.ts';
import { anyText } from '../../chat/render/support.ts';
import { ADA, evidence, external, incident, MINUTE, signal, storm, T0 } from './incidents.ts';

const long = fc.oneof(
  anyText,
  fc.tuple(anyText, fc.integer({ min: 1, max: 200 })).map(([text, times]) => text.repeat(times).slice(0, 5_000)),
);
const resolution: fc.Arbitrary<Resolution> = fc.oneof(
  fc.constantFrom('recovered' as const, 'while-away' as const, 'deleted' as const).map((how) => ({ how })),
  long.map((why) => ({ how: 'by-hand' as const, by: ADA, why })),
);

const life = fc.record(
  {
    status: fc.constantFrom('firing' as const, 'resolved' as const),
    severity: fc.constantFrom(...SEVERITIES),
    cause: long,
    startedAt: fc.oneof(fc.constant(T0), fc.constant(0), fc.constant(Number.MAX_SAFE_INTEGER)),
    resolvedAt: fc.constant(T0 + MINUTE),
    resolution,
    ack: fc.constant({ by: ADA, at: T0 }),
    snooze: fc.constant({ by: ADA, until: T0 + 1_000 * MINUTE }),
    silencedBy: long,
    isFlapping: fc.boolean(),
    domain: fc.constantFrom('rollout' as const, 'availability' as const, 'node' as const),
    escalations: fc.array(
      long.map((to) => ({ by: ADA, at: T0, to })),
      { maxLength: 3 },
    ),
    log: fc.array(
      long.map((text) => ({ n: 1, at: T0, text })),
      { maxLength: 4 },
    ),
    labels: fc.dictionary(fc.constantFrom('team', 'owner'), long),
    signals: fc.array(
      fc
        .record({ cause: long, title: long, causeClass: fc.constantFrom(...CAUSE_CLASSES) })
        .map((more) => signal(more)),
      { maxLength: 12 },
    ),
  },
  { requiredKeys: [] },
);

const base: fc.Arbitrary<Incident> = fc.oneof(
  fc.constant(incident()),
  fc.constant(incident({ kind: 'drill' })),
  long.map((text) =>
    external({ external: { ...(external().external as never as object), text, title: text } as never }),
  ),
  fc.integer({ min: 2, max: 700 }).map((count) => storm(count)),
  fc
    .dictionary(anyText, fc.array(long, { maxLength: 30 }), { maxKeys: 30 })
    .map((members) => storm(3, { storm: { members, count: 3, open: 2 } })),
);

const from: fc.Arbitrary<CardFrom> = fc.record({
  runbook: fc.option(fc.oneof(fc.webUrl(), anyText), { nil: undefined }),
  evidence: fc.option(
    fc
      .record({ lines: fc.array(long, { maxLength: 50 }), image: long, message: long, isSilent: fc.boolean() })
      .map(({ lines, image, message, isSilent }) =>
        evidence({
          logs: isSilent ? [] : [{ pod: image, container: 'main', isPrevious: false, lines, isCut: true }],
          events: [{ object: 'Pod/x', reason: 'Failed', message, count: 3, at: T0 }],
          images: [{ container: 'main', now: image, before: message }],
        }),
      ),
    { nil: undefined },
  ),
});

/** Incidents with hostile and endless words in every place that a cluster can fill, and what is shown beside them. */
export const anyIncident = fc.record({
  of: fc.tuple(base, life).map(([one, more]): Incident => ({ ...one, ...more }) as Incident),
  from,
});
