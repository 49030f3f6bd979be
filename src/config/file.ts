import { z } from 'zod';
import { accessSchema } from './access.ts';
import { alertsSchema } from './alerts.ts';
import { bridgesSchema } from './bridges.ts';

/**
 * The schema of `shipmate.yaml`. Every key is optional; unknown keys are refused with the nearest known one (`load.ts`).
 * Descriptions become `docs/configuration.md`.
 */
const alias = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'an alias is lower-case letters, digits and "-", at most 31');

export const clusterSchema = z
  .strictObject({
    kubeconfig: z
      .string()
      .optional()
      .meta({ description: 'Path of a kubeconfig file. Default: `KUBECONFIG`, then `~/.kube/config`.' }),
    context: z.string().optional().meta({ description: 'Context in that file. Default: its current context.' }),
    inCluster: z
      .boolean()
      .optional()
      .meta({ description: 'Use the pod’s own service account instead of a kubeconfig.' }),
    namespace: z
      .string()
      .optional()
      .meta({ description: 'Namespace when a command names none. Default: the context’s, then `default`.' }),
    production: z.boolean().default(false).meta({ description: 'Shown as PROD in every header and gate.' }),
    uid: z.string().optional().meta({
      description: 'UID of the `kube-system` namespace. When given, Shipmate refuses to talk to any other cluster.',
    }),
  })
  .superRefine((cluster, context) => {
    for (const key of ['kubeconfig', 'context'] as const) {
      if (cluster.inCluster && cluster[key] !== undefined) {
        context.addIssue({ code: 'custom', path: [key], message: 'cannot stand beside `inCluster: true`' });
      }
    }
  });

/** Keys that mean nothing alone. */
const PARTNERS = [
  ['username', 'passwordFile'],
  ['passwordFile', 'username'],
  ['certFile', 'keyFile'],
  ['keyFile', 'certFile'],
] as const;

export const etcdClusterSchema = z
  .strictObject({
    endpoints: z.array(z.string()).min(1).meta({ description: 'URLs of the members, `https://10.0.0.1:2379`.' }),
    username: z.string().optional().meta({ description: 'User when authentication is on.' }),
    passwordFile: z.string().optional().meta({ description: 'File that holds the password.' }),
    caFile: z.string().optional().meta({ description: 'CA certificate (PEM).' }),
    certFile: z.string().optional().meta({ description: 'Client certificate (PEM).' }),
    keyFile: z.string().optional().meta({ description: 'Client key (PEM).' }),
    clusterId: z.string().optional().meta({
      description:
        'Cluster id in hex, as `etcdctl endpoint status` prints it. When given, Shipmate refuses any other cluster.',
    }),
    production: z.boolean().default(false).meta({ description: 'Shown as PROD in every header and gate.' }),
    protectedPrefixes: z
      .array(z.string())
      .default(['/registry/'])
      .meta({ description: 'Key ranges that are never read or written, by range overlap.' }),
  })
  .superRefine((cluster, context) => {
    for (const [key, partner] of PARTNERS) {
      if (cluster[key] !== undefined && cluster[partner] === undefined) {
        context.addIssue({ code: 'custom', path: [key], message: `needs \`${partner}\` beside it` });
      }
    }
  });

export const fileSchema = z.strictObject({
  clusters: z
    .record(alias, clusterSchema)
    .default({})
    .meta({ description: 'Kubernetes clusters by alias; the first one is the default.' }),
  etcd: z
    .record(alias, etcdClusterSchema)
    .default({})
    .meta({ description: 'etcd clusters that the team operates, by alias; the first one is the default.' }),
  channels: z
    .strictObject({
      ops: z
        .string()
        .optional()
        .meta({ description: 'Channel id where changes are announced when the command came from a direct message.' }),
      alerts: z.string().optional().meta({ description: 'Channel id where incidents are told.' }),
      approvals: z.string().optional().meta({
        description: 'Channel id where approvals are asked for, beside the channel of the command.',
      }),
      audit: z.string().optional().meta({ description: 'Channel id that gets one line for each change that ended.' }),
    })
    .default({})
    .meta({
      description: 'Slack channel ids by purpose.',
    }),
  access: accessSchema
    .default(accessSchema.parse({}))
    .meta({ description: 'Who may do what; reloaded when the file changes. See `docs/policy.md`.' }),
  alerts: alertsSchema
    .default(alertsSchema.parse({}))
    .meta({ description: 'What is an incident and where it is told. See `docs/alerts.md`.' }),
  oncall: z.strictObject({}).default({}).meta({ description: 'Reserved for on-call schedules.' }),
  reboots: z.strictObject({}).default({}).meta({ description: 'Reserved for reboot groups.' }),
  bridges: bridgesSchema
    .default(bridgesSchema.parse({}))
    .meta({ description: 'Alerts from and to other systems. See `docs/bridges.md`.' }),
});

export type FileConfig = z.infer<typeof fileSchema>;
export type ClusterConfig = z.infer<typeof clusterSchema>;
export type EtcdClusterConfig = z.infer<typeof etcdClusterSchema>;
