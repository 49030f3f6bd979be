/** `npm run config:check FILE`: validates a config file without starting anything. Exit 0 when it is right, 78 when it is not. */
import { readFileSync } from 'node:fs';
import { checkFile } from './check-file.ts';
import type { FileConfig } from './file.ts';
import { reason } from './read-file.ts';

const path = process.argv[2] ?? 'shipmate.yaml';
process.exitCode = main(path);

function main(file: string): number {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    console.error(`${file} cannot be read: ${reason(error)}. Name the file: npm run config:check FILE`);
    return 78;
  }
  const checked = checkFile(file, text);
  if (!checked.file) {
    for (const { where, message, fix } of checked.problems)
      console.error(`${where}: ${message}${fix ? ` ${fix}` : ''}`);
    console.error(checked.problems.length === 1 ? '1 problem.' : `${checked.problems.length} problems.`);
    return 78;
  }
  console.log(`${file} is valid: ${summary(checked.file)}.`);
  for (const line of remarks(checked.file)) console.log(`Mind: ${line}`);
  return 0;
}

function summary(file: FileConfig): string {
  const clusters = Object.keys(file.clusters).join(', ') || 'none';
  const etcd = Object.keys(file.etcd).join(', ') || 'none';
  return `clusters ${clusters}; etcd ${etcd}; ${file.access.people.length} people`;
}

/** Allowed, but seldom meant. */
function remarks(file: FileConfig): string[] {
  const lines: string[] = [];
  if (file.access.people.length === 0) lines.push('`access.people` is empty, so nobody may use Shipmate.');
  if (Object.keys(file.clusters).length === 0) lines.push('`clusters` is empty, so `/k8s` has nothing to work on.');
  return lines;
}
