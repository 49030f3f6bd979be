/** `npm run config:check FILE`: validates a config file without starting anything. Exit 0 when it is right, 78 when it is not. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { checkPolicy } from '../access/policy/check.ts';
import { checkFile } from '../config/check-file.ts';
import type { FileConfig } from '../config/file.ts';
import { unreadableFiles, withAbsolutePaths } from '../config/file-paths.ts';
import type { Problem } from '../config/problem.ts';
import { reason } from '../config/read-file.ts';
import { checkAlerts } from '../incidents/check-alerts.ts';
import { checkBridges } from '../incidents/check-bridges.ts';
import { loadRules } from '../incidents/load-rules.ts';
import { loadCommands } from '../pipeline/registry.ts';

const path = process.argv[2] ?? 'shipmate.yaml';
process.exitCode = await main(path);

async function main(file: string): Promise<number> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    console.error(`${file} cannot be read: ${reason(error)}. Name the file: npm run config:check FILE`);
    return 78;
  }
  const checked = checkFile(file, text);
  if (!checked.file) return refuse(checked.problems);
  const commands = await loadCommands(join(import.meta.dirname, '../../commands'));
  const permissions = commands.flatMap(({ permission }) => permission ?? []);
  const rules = await loadRules(join(import.meta.dirname, '../incidents/rules'));
  const whole = withAbsolutePaths(checked.file, file, homedir());
  const readFile = (name: string): string => readFileSync(name, 'utf8');
  const problems = [
    ...checkPolicy(file, text, checked.file, permissions),
    ...checkAlerts(file, text, checked.file, rules),
    ...unreadableFiles(file, whole, readFile, text),
    ...checkBridges(file, text, whole, readFile),
  ];
  if (problems.length > 0) return refuse(problems);
  console.log(`${file} is valid: ${summary(checked.file)}.`);
  for (const line of remarks(checked.file)) console.log(`Mind: ${line}`);
  return 0;
}

function refuse(problems: readonly Problem[]): number {
  for (const { where, message, fix } of problems) console.error(`${where}: ${message}${fix ? ` ${fix}` : ''}`);
  console.error(problems.length === 1 ? '1 problem.' : `${problems.length} problems.`);
  return 78;
}

function summary(file: FileConfig): string {
  const clusters = Object.keys(file.clusters).join(', ') || 'none';
  const etcd = Object.keys(file.etcd).join(', ') || 'none';
  const { people, bindings } = file.access;
  const bound = bindings.length === 0 ? '' : `, ${bindings.length} ${bindings.length === 1 ? 'binding' : 'bindings'}`;
  return `clusters ${clusters}; etcd ${etcd}; ${people.length} people${bound}`;
}

/** Allowed, but seldom meant. */
function remarks(file: FileConfig): string[] {
  const lines: string[] = [];
  const { people, bindings, admins, roles } = file.access;
  if (people.length + bindings.length + admins.length === 0)
    lines.push(
      '`access` names nobody, so nobody may use Shipmate until somebody claims it with the code from its log.',
    );
  if (people.length + bindings.length > 0 && admins.length === 0)
    lines.push('`access.admins` is empty, so a refusal cannot say whom to ask.');
  for (const role of Object.keys(roles).filter((name) => !bindings.some((binding) => binding.role === name)))
    lines.push(`nobody has the role ${role}.`);
  if (Object.keys(file.clusters).length === 0) lines.push('`clusters` is empty, so `/k8s` has nothing to work on.');
  return lines;
}
