import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchAudit } from './audit.bench.ts';
import { benchCommands } from './commands.bench.ts';
import { benchEtcd } from './etcd.bench.ts';
import { tableOf } from './figures.ts';
import { benchJobs } from './jobs.bench.ts';
import { benchPolicy } from './policy.bench.ts';
import { benchWatch } from './watch.bench.ts';

/** `npm run bench`: each figure beside its baseline, measured in the same run. Prints a table and JSON; asserts nothing. */
const isShort = process.argv.includes('--short');
const results = [
  ...benchPolicy(isShort ? 1_000 : 10_000),
  ...(await benchJobs(isShort ? 300 : 2_000)),
  ...(await benchEtcd(isShort ? 200 : 2_000)),
  ...(await benchAudit(isShort ? 100 : 1_000)),
  ...(await benchWatch(isShort ? [5_000] : [20_000, 50_000], isShort ? 1 : 3)),
  ...(await benchCommands(isShort ? 2 : 10, isShort ? 50 : 300)),
];
const out = join(import.meta.dirname, '../output');
await mkdir(out, { recursive: true });
await writeFile(join(out, 'bench.json'), JSON.stringify(results, null, 2));
process.stdout.write(`${tableOf(results)}\n\n${JSON.stringify(results)}\n`);
process.exit(0);
