import { z } from 'zod';
import { parseDuration } from '../time.ts';
import { groupId, personId, scopeShape } from './access-scope.ts';

/** `access.approvals`: which changes need the yes of others. `docs/approvals.md` explains it with examples. */
const approversSchema = z
  .strictObject({
    users: z.array(personId).default([]).meta({ description: 'Slack user ids.' }),
    groups: z.array(groupId).default([]).meta({ description: 'Slack user group ids.' }),
  })
  .superRefine((approvers, context) => {
    if (approvers.users.length + approvers.groups.length === 0)
      context.addIssue({ code: 'custom', path: [], message: 'names nobody: add `users` or `groups`' });
  });

const approvalRuleSchema = z
  .strictObject({
    ...scopeShape,
    approvers: approversSchema.meta({ description: 'Who may approve. Nobody approves what they asked for.' }),
    count: z.number().int().min(1).max(20).default(1).meta({ description: 'How many of them must say yes.' }),
  })
  .superRefine(({ approvers, count }, context) => {
    if (approvers.groups.length === 0 && count > new Set(approvers.users).size)
      context.addIssue({ code: 'custom', path: ['count'], message: 'is more than the people under `approvers`' });
  });

const duration = (from: string) =>
  z.string().superRefine((text, context) => {
    const ms = millisecondsOf(text);
    if (ms === undefined)
      context.addIssue({ code: 'custom', message: `"${text}" is not a duration such as 30m or 1h30m` });
    else if (ms < parseDuration(from) || ms > parseDuration('7d'))
      context.addIssue({ code: 'custom', message: `should be from ${from} to 7d` });
  });

export const approvalsSchema = z
  .strictObject({
    rules: z
      .array(approvalRuleSchema)
      .default([])
      .meta({ description: 'The first rule that a change touches decides who approves it.' }),
    expires: duration('1s').default('30m').meta({ description: 'A request that nobody decided by then is off.' }),
    escalateAfter: duration('1s')
      .optional()
      .meta({ description: 'When nobody has decided by then, `escalateTo` may approve, too, and is told.' }),
    escalateTo: approversSchema.optional().meta({ description: 'The second group.' }),
  })
  .superRefine(({ expires, escalateAfter, escalateTo }, context) => {
    if ((escalateAfter === undefined) !== (escalateTo === undefined)) {
      const [has, lacks] = escalateTo === undefined ? ['escalateAfter', 'escalateTo'] : ['escalateTo', 'escalateAfter'];
      context.addIssue({ code: 'custom', path: [has], message: `needs \`${lacks}\` beside it` });
    }
    const [after, end] = [escalateAfter && millisecondsOf(escalateAfter), millisecondsOf(expires)];
    if (after !== undefined && after !== '' && end !== undefined && after >= end)
      context.addIssue({ code: 'custom', path: ['escalateAfter'], message: 'should be shorter than `expires`' });
  });

export type ApprovalsConfig = z.infer<typeof approvalsSchema>;
export type Approvers = z.infer<typeof approversSchema>;

function millisecondsOf(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}
