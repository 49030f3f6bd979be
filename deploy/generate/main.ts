/**
 * `npm run generate` writes every file that is computed from the code; `npm run generate:check` fails when one of them is stale.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { loadRules } from '../../src/incidents/load-rules.ts';
import { loadCommands } from '../../src/pipeline/registry.ts';
import type { Artifact, Generator } from './artifact.ts';
import { commandsPage } from './commands-page.ts';
import { configurationPage } from './configuration-page.ts';
import { envExample } from './env-example.ts';
import { kubernetesRbac } from './kubernetes-rbac.ts';
import { rulesPage } from './rules-page.ts';
import { slackManifest } from './slack-manifest.ts';

const GENERATORS: readonly Generator[] = [
  envExample,
  configurationPage,
  commandsPage,
  rulesPage,
  slackManifest,
  kubernetesRbac,
];

const root = resolve(import.meta.dirname, '../..');
const commands = await loadCommands(join(root, 'commands'));
const rules = await loadRules(join(root, 'src/incidents/rules'));
const artifacts = GENERATORS.flatMap((generate) => generate(commands, rules));

const stale: string[] = [];
for (const artifact of artifacts) {
  if ((await textOf(artifact)) !== artifact.text) stale.push(artifact.path);
}

if (process.argv.includes('--check')) {
  for (const path of stale) console.error(`${path} is stale: what it is computed from has changed.`);
  if (stale.length > 0) console.error('Run `npm run generate` and commit the result.');
  else console.log(`${artifacts.length} generated files are up to date.`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const artifact of artifacts.filter(({ path }) => stale.includes(path))) await write(artifact);
  console.log(stale.length === 0 ? 'Nothing to write: all generated files are up to date.' : 'Done.');
}

async function textOf({ path }: Artifact): Promise<string | undefined> {
  try {
    return await readFile(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

async function write({ path, text }: Artifact): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  console.log(`wrote ${path}`);
}
