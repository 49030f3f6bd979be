import { z } from 'zod';
import { parseDuration } from '../time.ts';

/** What `bridges` in `shipmate.yaml` may say: alerts from other systems, and incidents to them. */
const durationText = z.string().refine(
  (text) => {
    try {
      return parseDuration(text) > 0;
    } catch {
      return false;
    }
  },
  { error: 'is not a duration: write a number with a unit, such as 90s, 15m or 1h30m' },
);
const severity = z.enum(['info', 'warning', 'high', 'critical']);
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'a name is lower-case letters, digits and "-", at most 31');

const heartbeatSchema = z.strictObject({
  alertname: z.string().default('Watchdog').meta({ description: 'The alert that always fires.' }),
  every: durationText.default('5m').meta({ description: 'Silence for longer than twice this is an incident.' }),
});

const inSchema = z.strictObject({
  name,
  kind: z.enum(['alertmanager', 'generic']).meta({
    description:
      '`alertmanager`: `/hooks/alertmanager/<token>`. `generic`: `/hooks/<token>`, also GoAlert’s and Grafana OnCall’s fields.',
  }),
  tokenFile: z.string().meta({ description: 'File with the secret last part of the URL, at least 16 characters.' }),
  cluster: z.string().optional().meta({ description: 'Cluster alias for alerts whose labels name none.' }),
  severities: z.record(z.string(), severity).default({}).meta({
    description: 'Their words for ours, beside `critical`, `error`, `high`, `page`, `warning`, `info`, `none`.',
  }),
  staleAfter: durationText.default('8h').meta({
    description: 'An alert not repeated for so long is over: twice the sender’s repeat interval.',
  }),
  heartbeat: heartbeatSchema.optional(),
});

/** `alertmanager:9093` is a URL, too, of the scheme `alertmanager`. */
const address = z.string().refine(
  (text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  },
  { error: 'is not an address: write http:// or https:// before it, and credentials into `keyFile`' },
);

const outSchema = z.strictObject({
  name,
  kind: z.enum(['alertmanager', 'pagerduty', 'jsm', 'webhook']),
  url: address.optional().meta({
    description: 'Base URL of Alertmanager, or of the webhook. PagerDuty and JSM have their own unless given.',
  }),
  keyFile: z.string().optional().meta({
    description:
      'File with the routing key (PagerDuty), the API key (JSM), the signing secret (webhook), or what an Alertmanager behind a proxy asks for: a bearer token or `user:password`.',
  }),
  severity: severity.default('warning').meta({ description: 'The least severity that is sent.' }),
  repeatEvery: durationText.default('2m').meta({
    description: 'Alertmanager: how often it is told again of what still fails. It keeps that for 2.5 times as long.',
  }),
  clusters: z.array(z.string()).optional().meta({ description: 'Only incidents of these; `*` stands for any text.' }),
  namespaces: z.array(z.string()).optional().meta({ description: 'Only incidents in these; `*` stands for any text.' }),
  /** Their escalation only when Slack cannot be reached. */
  fallback: z.boolean().default(false).meta({
    description: 'Only used while Slack does not take messages, and for incidents of Shipmate itself.',
  }),
  responders: z
    .array(z.strictObject({ type: z.enum(['team', 'user', 'escalation', 'schedule']), name: z.string() }))
    .default([])
    .meta({ description: 'JSM: who is to be told.' }),
});

export const bridgesSchema = z
  .strictObject({
    in: z.array(inSchema).default([]).meta({ description: 'Alerts from other systems.' }),
    out: z.array(outSchema).default([]).meta({ description: 'Incidents to other systems.' }),
  })
  .superRefine((bridges, context) => {
    for (const side of ['in', 'out'] as const) {
      const seen = new Set<string>();
      for (const [index, bridge] of bridges[side].entries()) {
        if (seen.has(bridge.name))
          context.addIssue({ code: 'custom', path: [side, index, 'name'], message: `"${bridge.name}" is taken` });
        seen.add(bridge.name);
      }
    }
    for (const [index, bridge] of bridges.out.entries()) {
      const missing = (key: 'url' | 'keyFile', why: string): void =>
        context.addIssue({ code: 'custom', path: ['out', index], message: `needs \`${key}\`: ${why}` });
      if (bridge.url === undefined && (bridge.kind === 'alertmanager' || bridge.kind === 'webhook'))
        missing('url', `where the ${bridge.kind} is`);
      if (bridge.keyFile === undefined && bridge.kind !== 'alertmanager')
        missing('keyFile', bridge.kind === 'webhook' ? 'bodies are always signed' : 'the service asks for a key');
    }
  });

export type BridgesConfig = z.infer<typeof bridgesSchema>;
export type BridgeInConfig = BridgesConfig['in'][number];
export type BridgeOutConfig = BridgesConfig['out'][number];
