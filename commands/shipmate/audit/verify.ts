import { defineRead, flag, InternalError, text, UsageError } from '../../../src/sdk/index.ts';

export default defineRead({
  name: 'shipmate audit verify',
  summary: 'Proves that nothing in the audit log was changed, removed or added afterwards',
  examples: [
    '/shipmate audit verify',
    '/shipmate audit verify --kept 57:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ],
  args: {
    kept: flag(text, { placeholder: 'SEQ:HASH', summary: 'The line of an earlier proof, kept outside Shipmate' }),
  },
  permission: 'shipmate:audit',
  async run({ kept }, { house }) {
    if (!house.audit) throw new InternalError('Nothing is recorded here.');
    const { broken, entries, head } = await house.audit.verify(keptHead(kept));
    if (broken) {
      return {
        status: 'failed',
        title: `The audit log does not hold from entry ${broken.seq} on: ${broken.detail}`,
        parts: [
          {
            kind: 'text',
            spans: [
              entries === 0 ? 'No entry before it is proved.' : `The ${entries} before it are whole.`,
              ' Compare with an export (stdout, access.audit.file, access.audit.url), and find out who could write to Shipmate’s etcd.',
            ],
          },
        ],
      };
    }
    if (!head) return { title: 'The audit log is empty', parts: [] };
    return {
      status: 'succeeded',
      title: `The audit log is whole: ${entries === 1 ? '1 entry' : `${entries} entries`}, up to ${head.seq}`,
      parts: [
        { kind: 'output', text: `${head.seq}:${head.hash}`, filename: 'audit-head.txt', mayUpload: false },
        {
          kind: 'text',
          spans: [
            ...(head.base ? [`Entries up to ${head.base.through} were removed by retention. `] : []),
            'Keep the line above somewhere else: with --kept it shows even a chain that was written anew as a whole.',
          ],
        },
      ],
    };
  },
});

/** @throws UsageError when it is not a line of this command. */
function keptHead(line: string | undefined): { seq: number; hash: string } | undefined {
  if (line === undefined) return undefined;
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(line) ?? [];
  if (seq === undefined || hash === undefined)
    throw new UsageError('--kept takes a line that `/shipmate audit verify` printed, SEQ:HASH.', {
      hint: 'Copy it whole, with all 64 characters of the hash.',
    });
  return { seq: Number(seq), hash };
}
