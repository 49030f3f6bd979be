import { z } from 'zod';

/** The words with which the config names people and places; every rule of `access` uses them. */
export const globs = (what: string) => z.array(z.string().min(1)).min(1).optional().meta({ description: what });

export const personId = z
  .string()
  .regex(/^([TE][A-Z0-9]+\/)?[UW][A-Z0-9]+$/, 'a Slack user id looks like U024BE7LH')
  .meta({ description: 'Slack user id; `TEAM/USER` for people of another allowed workspace.' });
export const groupId = z.string().regex(/^S[A-Z0-9]+$/, 'a Slack user group id looks like S0614TZR7');

export const scopeShape = {
  permissions: z
    .array(z.string().regex(/^[a-z0-9:*-]+$/, 'a permission looks like k8s:get, k8s:* or *'))
    .min(1)
    .meta({ description: 'What may be done: `k8s:get`, `k8s:*`, `*`.' }),
  clusters: globs('Aliases of Kubernetes clusters. Default: all.'),
  namespaces: globs('Namespaces. Default: all, and what is in no namespace.'),
  resources: globs(
    'Kinds by their plural, `deployments`, or with group, `certificates.cert-manager.io`. Default: all.',
  ),
  names: globs('Names of objects. Default: all.'),
  etcd: globs('Aliases of etcd clusters. Default: all.'),
  keys: globs('Prefixes of etcd keys; the whole asked-for range must lie inside. Default: all.'),
  channels: globs('Slack channel ids where it may be asked for. Default: all.'),
};
