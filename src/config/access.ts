import { z } from 'zod';
import { accessClusterSchema } from './access-cluster.ts';
import { globs, groupId, personId, scopeShape } from './access-scope.ts';
import { approvalsSchema } from './approvals.ts';
import { auditSchema } from './audit.ts';

/** The schema of `access`: who may do what, where, and how far. `docs/policy.md` explains it with examples. */
const limitsSchema = z
  .strictObject({
    'max-replicas': z.number().int().min(0).optional().meta({ description: 'Never more replicas than this.' }),
    'min-replicas': z.number().int().min(0).optional().meta({ description: 'Never fewer; 1 means never to nothing.' }),
    'max-factor': z.number().min(1).optional().meta({ description: 'Never more than so many times what there is.' }),
    images: z.array(z.string().min(1)).min(1).optional().meta({
      description: 'Only images from these registries or repositories: `registry.example.com/shop`.',
    }),
  })
  .superRefine((limits, context) => {
    const [least, most] = [limits['min-replicas'], limits['max-replicas']];
    if (least !== undefined && most !== undefined && least > most)
      context.addIssue({ code: 'custom', path: ['min-replicas'], message: 'is larger than `max-replicas` beside it' });
  });

export const denyRuleSchema = z.strictObject(scopeShape);
export const ruleSchema = z.strictObject({
  ...scopeShape,
  args: limitsSchema.optional().meta({ description: 'How far a change may go.' }),
});

const bindingSchema = z
  .strictObject({
    role: z.string().meta({ description: 'A role of `access.roles`.' }),
    users: z.array(personId).default([]).meta({ description: 'Slack user ids.' }),
    groups: z.array(groupId).default([]).meta({ description: 'Slack user group ids.' }),
  })
  .superRefine((binding, context) => {
    if (binding.users.length + binding.groups.length === 0)
      context.addIssue({ code: 'custom', path: [], message: 'names nobody: add `users` or `groups`' });
  });

const protectedSchema = z.strictObject({
  clusters: globs('Aliases of clusters, Kubernetes or etcd.'),
  namespaces: globs('Namespaces; `kube-*` always is.'),
  names: globs('Names of objects.'),
});

export const accessSchema = z.strictObject({
  people: z
    .array(personId)
    .default([])
    .meta({ description: 'Slack user ids that may do everything that no deny rule forbids.' }),
  teams: z
    .array(z.string().regex(/^[TE][A-Z0-9]+$/, 'a Slack team id looks like T024BE7LD'))
    .default([])
    .meta({ description: 'Slack workspaces people may come from. Empty: the one the bot is installed in.' }),
  admins: z.array(personId).default([]).meta({
    description: 'Slack user ids of administrators: named in refusals. They may do everything until somebody is bound.',
  }),
  roles: z
    .record(
      z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a role is lower-case letters, digits and "-"'),
      z.array(ruleSchema).min(1),
    )
    .default({})
    .meta({ description: 'Roles by name, each a list of rules; one rule that matches is enough.' }),
  bindings: z.array(bindingSchema).default([]).meta({ description: 'Who has which role.' }),
  deny: z
    .array(denyRuleSchema)
    .default([])
    .meta({ description: 'Rules that win over everything: what touches one is refused, for everybody.' }),
  protected: protectedSchema.default({}).meta({ description: 'What raises the risk of a change by one tier.' }),
  approvals: approvalsSchema.default(approvalsSchema.parse({})).meta({
    description: 'Which changes need the yes of others, and whose. See `docs/approvals.md`.',
  }),
  cluster: accessClusterSchema
    .default(accessClusterSchema.parse({}))
    .meta({ description: 'Whether the RBAC of the clusters decides, too, and who people are there.' }),
  audit: auditSchema.default(auditSchema.parse({})).meta({ description: 'The audit log.' }),
});

export type AccessConfig = z.infer<typeof accessSchema>;
export type RuleConfig = z.infer<typeof ruleSchema>;
export type LimitsConfig = z.infer<typeof limitsSchema>;
