import { z } from 'zod';

const printable = (what: string) =>
  z
    .string()
    .min(1)
    .max(256)
    // In a header anything else could end it and begin another one.
    .regex(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/, `${what} is printable ASCII`)
    .refine(
      (text) => !text.toLowerCase().startsWith('system:'),
      `${what} of Kubernetes itself cannot be given to people`,
    );

/**
 * `access.cluster`: whether each cluster's own RBAC decides, too, and as whom people are known there. Only this file maps people: what
 * they can edit themselves, such as an email address in Slack, never does.
 */
export const accessClusterSchema = z.strictObject({
  mode: z.enum(['off', 'review', 'impersonate']).default('off').meta({
    description:
      'Whether the cluster’s RBAC decides, too. `review`: it is asked about the person (SubjectAccessReview). `impersonate`: calls are made as the person.',
  }),
  people: z
    .record(
      z.string().regex(/^([TE][A-Z0-9]+\/)?[UW][A-Z0-9]+$/, 'a Slack user id looks like U024BE7LH'),
      z.strictObject({
        user: printable('a user').meta({ description: 'The user name in Kubernetes.' }),
        groups: z
          .array(printable('a group'))
          .max(50)
          .default([])
          .meta({ description: 'Groups in Kubernetes; `system:authenticated` is always added.' }),
      }),
    )
    .default({})
    .meta({ description: 'Slack user ids and who they are in Kubernetes. Whoever is not here is refused.' }),
});

export type AccessClusterConfig = z.infer<typeof accessClusterSchema>;
