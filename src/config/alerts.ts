import { z } from 'zod';
import { parseDuration } from '../time.ts';

/** What `alerts` in `shipmate.yaml` may say: rules, where incidents go, when many are one, what stays quiet. */
const durationText = z.string().refine(
  (text) => {
    try {
      return parseDuration(text) >= 0;
    } catch {
      return false;
    }
  },
  { error: 'is not a duration: write a number with a unit, such as 90s, 15m or 1h30m' },
);
const severity = z.enum(['info', 'warning', 'high', 'critical']);
const target = z.string().regex(/^[UWS][A-Z0-9]{2,}$/, 'is not a Slack user (U…) or user group (S…) id');

const ruleSchema = z
  .strictObject({
    enabled: z.boolean().optional().meta({ description: 'False: the rule never fires.' }),
    severity: severity.optional().meta({ description: 'Instead of the rule’s own; rises and falls count from it.' }),
    hold: durationText.optional().meta({ description: 'Instead of every hold of the rule.' }),
    resolveAfter: durationText
      .optional()
      .meta({ description: 'How long it must be well before it is over, instead of the rule’s own.' }),
    settings: z
      .record(z.string(), z.union([z.number(), durationText]))
      .optional()
      .meta({ description: 'Thresholds of the rule by name; `/alerts rules P01` lists them.' }),
  })
  .meta({ description: 'What is different about one rule.' });

const matchSchema = z.strictObject({
  clusters: z.array(z.string()).optional(),
  namespaces: z.array(z.string()).optional().meta({ description: 'Names; `*` stands for any text.' }),
  rules: z.array(z.string()).optional(),
  severities: z.array(severity).optional(),
  labels: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'Labels of the root object or its namespace.' }),
});

export const alertsSchema = z.strictObject({
  rules: z
    .record(z.string(), ruleSchema)
    .default({})
    .meta({ description: 'By rule id: `P01`; `*` stands for every rule, but for what its own entry says.' }),
  routes: z
    .array(
      z.strictObject({
        match: matchSchema.default({}),
        channel: z.string().optional().meta({ description: 'Channel id; without it the incident is only recorded.' }),
        escalateTo: z.array(target).optional(),
        runbook: z.string().optional().meta({ description: 'Link shown on the message.' }),
      }),
    )
    .default([])
    .meta({ description: 'The first that matches decides; otherwise `channels.alerts`.' }),
  escalateTo: z
    .array(target)
    .default([])
    .meta({ description: 'Whom the button Escalate asks, until on-call is configured: user or group ids.' }),
  ignoreNamespaces: z.array(z.string()).default([]).meta({ description: 'Never alerted on; `*` stands for any text.' }),
  nonProduction: z
    .strictObject({
      namespaces: z.array(z.string()).default([]),
      labels: z.record(z.string(), z.string()).default({}),
      clusters: z.array(z.string()).default([]),
    })
    .default({ namespaces: [], labels: {}, clusters: [] })
    .meta({ description: 'Where severities count one step less.' }),
  storm: z
    .strictObject({
      sharing: z
        .number()
        .int()
        .min(2)
        .default(5)
        .meta({ description: 'So many roots that share a cause are one incident.' }),
      incidents: z
        .number()
        .int()
        .min(0)
        .default(10)
        .meta({ description: 'More new incidents than this within `within` become one digest; 0: never.' }),
      within: durationText.default('5m'),
    })
    .default({ sharing: 5, incidents: 10, within: '5m' }),
  maintenance: z
    .array(
      z.strictObject({
        name: z.string(),
        from: z.iso.datetime({ offset: true }),
        until: z.iso.datetime({ offset: true }),
        match: matchSchema.default({}),
      }),
    )
    .default([])
    .meta({ description: 'Planned windows in which matching incidents are recorded but not told.' }),
  keep: durationText.default('90d').meta({ description: 'How long incidents that are over are kept.' }),
  deadman: z
    .strictObject({ url: z.url(), every: durationText.default('60s') })
    .optional()
    .meta({
      description: 'A URL that is called while Shipmate watches: something else must notice when the calls stop.',
    }),
});

export type AlertsConfig = z.infer<typeof alertsSchema>;
