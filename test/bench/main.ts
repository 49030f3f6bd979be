import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchAudit } from './audit.bench.ts';
import { benchCommands } from './commands.bench.ts';
import { benchEtcd } from './etcd.bench.ts';
import { type Result, tableOf } from './figures.ts';
import { benchIncidents } from './incidents.bench.ts';
import { benchJobs } from './jobs.bench.ts';
import { benchMemory } from './memory.bench.ts';
import { benchPolicy } from './policy.bench.ts';
import { benchWatch } from './watch.bench.ts';

/**
 * `npm run bench [-- NAME… --short]`: each figure beside its baseline, measured in the same run. Prints a table and JSON; asserts nothing.
 * Without a name everything is measured, but for `incidents`, which needs the real control plane and some minutes.
 */
const isShort = process.argv.includes('--short');
const BENCHES: Readonly<Record<string, () => Result[] | Promise<Result[]>>> = {
  policy: () => benchPolicy(isShort ? 1_000 : 10_000),
  jobs: () => benchJobs(isShort ? 300 : 2_000),
  etcd: () => benchEtcd(isShort ? 200 : 2_000),
  audit: () => benchAudit(isShort ? 100 : 1_000),
  watch: () => benchWatch(isShort ? [5_000] : [20_000, 50_000], isShort ? 1 : 3),
  memory: () => benchMemory(isShort ? [5_000] : [20_000, 50_000], isShort ? 10 : 60),
  commands: () => benchCommands(isShort ? 2 : 10, isShort ? 50 : 300),
  incidents: () => benchIncidents(isShort),
};
const asked = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const unknown = asked.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`No bench is called ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.\n`);
  process.exit(2);
}
const names = asked.length > 0 ? asked : Object.keys(BENCHES).filter((name) => name !== 'incidents');
const results: Result[] = [];
for (const name of names) results.push(...((await BENCHES[name]?.()) ?? []));
const out = join(import.meta.dirname, '../output');
await mkdir(out, { recursive: true });
await writeFile(join(out, 'bench.json'), JSON.stringify(results, null, 2));
const notes = results.flatMap(({ what, notes: said }) => (said === undefined ? [] : [`${what}: ${said}`]));
process.stdout.write(`${[tableOf(results), notes.join('\n'), JSON.stringify(results)].join('\n\n')}\n`);
process.exit(0);
