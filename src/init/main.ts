/**
 * `npm run init`: asks a few questions, tries each answer on the real Slack, Redis, etcd and cluster, writes `.env` and `shipmate.yaml`.
 * `--yes` asks nothing and takes the answers from the environment and the flags, for scripts.
 */
import { parseArgs } from 'node:util';
import { askEverything } from './ask.ts';
import { answersFromEnvironment } from './unattended.ts';
import { existingFiles, writeFiles } from './write-files.ts';

const USAGE = `npm run init -- [--dir DIR] [--yes [--force] [--people U1,U2] [--contexts A,B] [--production A]]

  --dir DIR        where .env and shipmate.yaml go (default: here)
  --yes            ask nothing: SLACK_BOT_TOKEN, SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, REDIS_URL, ETCD_ENDPOINTS
                   and KUBECONFIG come from the environment
  --force          with --yes: replace files that exist (the old ones are kept as *.old)
  --people IDS     with --yes: Slack user ids that may use Shipmate
  --contexts NAMES with --yes: kubeconfig contexts (default: the current one; "" for none)
  --production NAMES  with --yes: which of them are production`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', default: '.' },
      yes: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      people: { type: 'string', default: '' },
      contexts: { type: 'string' },
      production: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (!values.yes) {
    if (!process.stdin.isTTY) throw new Error('There is no terminal to ask in. Use --yes (see --help).');
    return askEverything(values.dir, process.env);
  }

  const existing = existingFiles(values.dir);
  if (existing.length > 0 && !values.force) {
    throw new Error(`${existing.join(' and ')} would be replaced. Add --force; the old ones are kept as *.old.`);
  }
  const { answers, said, problems } = await answersFromEnvironment(process.env, values);
  for (const line of said) console.log(`ok    ${line}`);
  for (const line of problems) console.error(`wrong ${line}`);
  if (!answers) {
    console.error('Nothing was written.');
    return 1;
  }
  for (const line of writeFiles(values.dir, answers)) console.log(`wrote ${line}`);
  console.log('Next: npm start');
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
