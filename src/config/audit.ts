import { z } from 'zod';
import { parseDuration } from '../time.ts';

const DAY_MS = 24 * 3_600_000;

/** `access.audit`: how long the audit log is kept and where it goes besides Shipmate's own etcd. */
export const auditSchema = z.strictObject({
  keep: z
    .string()
    .default('400d')
    .superRefine((text, context) => {
      const ms = millisecondsOf(text);
      if (ms === undefined)
        context.addIssue({ code: 'custom', message: `"${text}" is not a duration such as 400d or 2160h` });
      else if (ms < DAY_MS) context.addIssue({ code: 'custom', message: 'should be at least 1d' });
    })
    .meta({ description: 'How long entries stay in etcd; older ones are removed behind a signed-off checkpoint.' }),
  reads: z
    .enum(['stdout', 'off'])
    .default('stdout')
    .meta({ description: 'Reads are only written to stdout (`stdout`), or not at all (`off`). Changes always are.' }),
  file: z.string().optional().meta({
    description: 'A file that gets the whole chain as JSON lines, mode 0600, appended to. One for each replica.',
  }),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        'A collector that gets the whole chain by POST as JSON lines, each at least once; with `AUDIT_TOKEN` as bearer token.',
    }),
});

export type AuditConfig = z.infer<typeof auditSchema>;

function millisecondsOf(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}
