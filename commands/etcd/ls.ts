import { bytesOf, displayKey, etcdFilename, etcdFlag, etcdFooter, listLevel, prefixRange } from '../../src/sdk/etcd.ts';
import { defineRead, flag, optionalPositional, type Part, text, wholeNumber } from '../../src/sdk/index.ts';

const DEFAULT_LIMIT = 100;

export default defineRead({
  name: 'etcd ls',
  summary: 'Show one level of the keyspace, split at /',
  examples: ['/etcd ls', '/etcd ls /app/'],
  permission: 'etcd:read',
  args: {
    prefix: optionalPositional(text, { placeholder: 'PREFIX', summary: 'Start of the keys (default: all)' }),
    limit: flag(wholeNumber(1, 1_000), {
      placeholder: 'N',
      summary: `At most this many entries (default ${DEFAULT_LIMIT})`,
    }),
    cluster: etcdFlag,
  },
  scope: (args) => ({ etcd: args.cluster, keys: [prefixRange(bytesOf(args.prefix ?? ''))] }),
  async run(args, { etcds, clock }) {
    const cluster = etcds.get(args.cluster);
    const prefix = bytesOf(args.prefix ?? '');
    const listing = await listLevel(cluster, prefix, args.limit ?? DEFAULT_LIMIT);
    const hidden = cluster.protectedPrefixes.filter((guarded) =>
      Buffer.from(guarded).subarray(0, prefix.length).equals(prefix),
    );
    const under = prefix.length === 0 ? '' : ` under ${displayKey(prefix)}`;
    const { entries } = listing;
    const parts: Part[] = [];
    if (entries.length > 0) {
      parts.push({
        kind: 'table',
        filename: etcdFilename('ls', cluster, clock()),
        columns: ['NAME', 'KEYS'].map((name) => ({ name, priority: 0 })),
        rows: entries.map((entry) => [displayKey(entry.name), entry.isPrefix ? String(entry.keys) : '-']),
      });
    }
    if (listing.more)
      parts.push({ kind: 'text', spans: ['There is more: name a longer prefix, or raise ', { code: '--limit' }, '.'] });
    if (hidden.length > 0) {
      parts.push({ kind: 'text', spans: [`Protected and not read: ${hidden.map(displayKey).join(', ')}`] });
    }
    return {
      status: 'succeeded',
      title:
        entries.length === 0
          ? `no keys${under} (rev ${listing.revision})`
          : `${entries.length}${listing.more ? '+' : ''} ${entries.length === 1 ? 'entry' : 'entries'}${under}`,
      parts,
      footer: `${etcdFooter(cluster, clock(), listing)} · etcd has no directories: names are split at /`,
    };
  },
});
