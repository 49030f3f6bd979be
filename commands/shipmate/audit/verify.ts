import { defineRead, InternalError } from '../../../src/sdk/index.ts';

export default defineRead({
  name: 'shipmate audit verify',
  summary: 'Proves that nothing in the audit log was changed, removed or added afterwards',
  examples: ['/shipmate audit verify'],
  args: {},
  permission: 'shipmate:audit',
  async run(_args, { house }) {
    if (!house.audit) throw new InternalError('Nothing is recorded here.');
    const { broken, entries, head } = await house.audit.verify();
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
        { kind: 'output', text: `${head.seq} ${head.hash}`, filename: 'audit-head.txt', mayUpload: false },
        {
          kind: 'text',
          spans: [
            ...(head.base ? [`Entries up to ${head.base.through} were removed by retention. `] : []),
            'Keep the line above somewhere else: with it, even a chain that was written anew as a whole gives itself away.',
          ],
        },
      ],
    };
  },
});
