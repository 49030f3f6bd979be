import { z } from 'zod';

/** The schema of the environment. `meta` carries what `.env.example` and `docs/configuration.md` are generated from. */
const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

const REDIS_SCHEMES = /^(redis|rediss|redis-sentinel|redis-cluster):\/\/./;
const ENDPOINT = /^(https?:\/\/)?([^/\s:[\]]+|\[[0-9a-fA-F:]+\])(:\d+)?\/?$/;

export const ROLES = ['gateway', 'worker', 'watcher', 'reboots'] as const;
export type Role = (typeof ROLES)[number];

const roles = z
  .string()
  .default(ROLES.join(','))
  .transform((text, context): readonly Role[] => {
    const words = text.split(',').map((word) => word.trim());
    for (const word of words) {
      if (!ROLES.includes(word as Role))
        context.addIssue({ code: 'custom', message: `"${word}" is not a role; the roles are ${ROLES.join(', ')}` });
    }
    return words as Role[];
  });

export const envSchema = z.object({
  SLACK_BOT_TOKEN: z
    .string()
    .startsWith('xoxb-', 'a bot token starts with xoxb-')
    .meta({ section: 'Slack', secret: true, description: 'Bot token of the Slack app.', example: 'xoxb-…' }),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'an app-level token starts with xapp-').optional().meta({
    section: 'Slack',
    secret: true,
    description: 'App-level token with `connections:write`: Socket Mode.',
    example: 'xapp-…',
  }),
  SLACK_SIGNING_SECRET: z.string().min(8).optional().meta({
    section: 'Slack',
    secret: true,
    description: 'Signing secret: HTTP mode, when there is no app token.',
    example: '0123456789abcdef0123456789abcdef',
  }),
  SLACK_PORT: port(3000).meta({
    section: 'Slack',
    description: 'Port for Slack’s requests in HTTP mode.',
    example: '3000',
  }),
  SLACK_API_URL: z
    .url()
    .default('https://slack.com/api/')
    .meta({ section: 'Slack', description: 'Base URL of the Web API.', example: 'https://slack.com/api/' }),
  SLACK_POSTS_PER_SECOND: z.coerce.number().positive().max(1_000).default(1).meta({
    section: 'Slack',
    description:
      'New messages per second and channel, with bursts of three times as many. Slack allows about one; raise it only where it allows more.',
    example: '1',
  }),
  REDIS_URL: z
    .string()
    .regex(REDIS_SCHEMES, 'should start with redis://, rediss://, redis-sentinel:// or redis-cluster://')
    .default('redis://127.0.0.1:6379')
    .meta({
      section: 'Redis',
      secret: true,
      description:
        '`redis://`, `rediss://`, `redis-sentinel://host:26379,host:26379/master-name` or `redis-cluster://host:6379,host:6379`.',
      example: 'redis://127.0.0.1:6379',
    }),
  ETCD_ENDPOINTS: z
    .string()
    .default('http://127.0.0.1:2379')
    .transform((text) => text.split(',').map((word) => word.trim()))
    .refine((urls) => urls.every((url) => ENDPOINT.test(url)), {
      error: 'should be URLs such as https://10.0.0.1:2379, separated by commas',
    })
    .meta({ section: 'etcd', description: 'Shipmate’s own etcd, comma-separated.', example: 'http://127.0.0.1:2379' }),
  ETCD_USERNAME: z
    .string()
    .optional()
    .meta({ section: 'etcd', description: 'User when authentication is on.', example: 'shipmate' }),
  ETCD_PASSWORD: z
    .string()
    .optional()
    .meta({ section: 'etcd', secret: true, description: 'Its password.', example: '…' }),
  ETCD_CA_FILE: z
    .string()
    .optional()
    .meta({ section: 'etcd', description: 'CA certificate (PEM).', example: '/etc/shipmate/etcd-ca.pem' }),
  ETCD_CERT_FILE: z
    .string()
    .optional()
    .meta({ section: 'etcd', description: 'Client certificate (PEM).', example: '/etc/shipmate/etcd.pem' }),
  ETCD_KEY_FILE: z
    .string()
    .optional()
    .meta({ section: 'etcd', description: 'Client key (PEM).', example: '/etc/shipmate/etcd-key.pem' }),
  KUBECONFIG: z.string().optional().meta({
    section: 'Kubernetes',
    description: 'Kubeconfig for clusters that name none.',
    example: '/etc/shipmate/kubeconfig',
  }),
  SHIPMATE_CONFIG: z
    .string()
    .default('shipmate.yaml')
    .meta({ section: 'Shipmate', description: 'The config file.', example: 'shipmate.yaml' }),
  SHIPMATE_ROLES: roles.meta({
    section: 'Shipmate',
    description:
      'Roles of this process, comma-separated. `gateway` talks to Slack, `worker` runs commands, `watcher` watches the clusters and keeps incidents; `reboots` is reserved and does nothing yet.',
    example: 'gateway,worker,watcher,reboots',
  }),
  HTTP_PORT: port(8080).meta({
    section: 'Shipmate',
    description: 'Port for health, readiness and metrics.',
    example: '8080',
  }),
  FLEETLOCK_PORT: port(3333).meta({
    section: 'Shipmate',
    description: 'Port of the FleetLock server. Reserved: nothing listens there yet.',
    example: '3333',
  }),
  AUDIT_TOKEN: z.string().optional().meta({
    section: 'Shipmate',
    secret: true,
    description: 'Bearer token for the collector of `access.audit.url`.',
    example: '…',
  }),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .meta({ section: 'Shipmate', description: 'Log level.', example: 'info' }),
});

export type EnvConfig = z.infer<typeof envSchema>;
