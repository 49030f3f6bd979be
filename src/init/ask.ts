import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  cancel,
  confirm,
  intro,
  isCancel,
  log,
  multiselect,
  outro,
  password,
  select,
  spinner,
  text,
} from '@clack/prompts';
import { type Answers, aliasOf, type ClusterAnswer } from './answers.ts';
import { checkAppToken, checkBotToken, checkCluster, checkEtcd, checkPeople, checkRedis } from './checks.ts';
import { contextsOf } from './kubeconfig-contexts.ts';
import { existingFiles, writeFiles } from './write-files.ts';

class Stopped extends Error {}

/** The conversation in the terminal. @returns the exit code. */
export async function askEverything(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  intro(
    'Shipmate: a few questions, each answer tried at once. Nothing is changed anywhere; two files are written at the end.',
  );
  try {
    const existing = existingFiles(directory);
    if (existing.length > 0) {
      const message = `${existing.join(' and ')} exist here. Replace them? The old ones are kept as *.old.`;
      if (!(await given(confirm({ message, initialValue: false })))) throw new Stopped();
    }
    const answers = await ask(env);
    for (const line of writeFiles(directory, answers)) log.success(line);
    outro('Done. Start Shipmate with: npm start');
    return 0;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    cancel('Stopped. Nothing was written.');
    return 1;
  }
}

async function ask(env: Readonly<Record<string, string | undefined>>): Promise<Answers> {
  const slackApiUrl = env.SLACK_API_URL || 'https://slack.com/api/';
  log.info(
    'Create the Slack app from deploy/slack/manifest.yaml at https://api.slack.com/apps and install it to your workspace.',
  );
  const botToken = await askAndTry(
    () => secret('Bot token ("OAuth & Permissions", starts with xoxb-)', 'xoxb-'),
    (token) => checkBotToken(slackApiUrl, token),
  );
  const mode = await given(
    select({
      message: 'How does Slack reach Shipmate?',
      options: [
        { value: 'socket', label: 'Socket Mode', hint: 'Shipmate calls Slack; no port open to the internet' },
        { value: 'http', label: 'HTTP', hint: 'Slack calls Shipmate at a public address' },
      ],
    }),
  );
  const appToken = mode === 'socket' ? await askAppToken(slackApiUrl) : undefined;
  const signingSecret = mode === 'http' ? await secret('Signing secret ("Basic Information")', '') : undefined;

  const people = words(
    await askAndTry(
      () => plain('Who may use Shipmate? Slack user ids, separated by commas', '', 'U024BE7LH, U024BE7LJ'),
      (ids) => checkPeople(slackApiUrl, botToken, words(ids)),
    ),
  );
  const redisUrl = await askAndTry(() => plain('Redis', env.REDIS_URL || 'redis://127.0.0.1:6379'), checkRedis);
  const etcdEndpoints = await askAndTry(
    () => plain('Shipmate’s own etcd, endpoints separated by commas', env.ETCD_ENDPOINTS || 'http://127.0.0.1:2379'),
    checkEtcd,
  );
  const clusters = await askClusters(env);
  const tokens = { ...(appToken && { appToken }), ...(signingSecret && { signingSecret }) };
  return { slackApiUrl, botToken, ...tokens, people, redisUrl, etcdEndpoints, clusters };
}

function askAppToken(slackApiUrl: string): Promise<string> {
  return askAndTry(
    () => secret('App-level token with connections:write ("Basic Information", starts with xapp-)', 'xapp-'),
    (token) => checkAppToken(slackApiUrl, token),
  );
}

async function askClusters(env: Readonly<Record<string, string | undefined>>): Promise<ClusterAnswer[]> {
  const standard = env.KUBECONFIG || join(homedir(), '.kube', 'config');
  const path = (await plain('Kubeconfig (empty: no cluster yet)', standard, '', true)).replace(/^~(?=\/)/, homedir());
  if (path === '') return [];
  let contexts: ReturnType<typeof contextsOf>;
  try {
    contexts = contextsOf(path);
  } catch (error) {
    log.error((error as Error).message);
    return askClusters(env);
  }
  const chosen = await given(
    multiselect({
      message: 'Which contexts? The first one is used when a command names none.',
      options: contexts.names.map((name) => ({ value: name, label: name })),
      initialValues: contexts.current ? [contexts.current] : [],
      required: false,
    }),
  );
  const clusters: ClusterAnswer[] = [];
  for (const context of chosen) {
    const isProduction = await given(
      confirm({ message: `Is ${context} production?`, initialValue: /prod/i.test(context) }),
    );
    const answer = { alias: aliasOf(context), kubeconfig: path, context, isProduction };
    let uid: string | undefined;
    await askAndTry(
      async () => context,
      async () => {
        const found = await checkCluster(answer);
        uid = found.uid;
        return found.said;
      },
    );
    clusters.push({ ...answer, ...(uid && { uid }) });
  }
  return clusters;
}

/** Asks, tries the answer, and asks again until it works or the person keeps it all the same. */
async function askAndTry(question: () => Promise<string>, check: (answer: string) => Promise<string>): Promise<string> {
  for (;;) {
    const answer = await question();
    const waiting = spinner();
    waiting.start('Trying it');
    try {
      waiting.stop(await check(answer));
      return answer;
    } catch (error) {
      waiting.error((error as Error).message);
    }
    const next = await given(
      select({
        message: 'What now?',
        options: [
          { value: 'again', label: 'Answer again' },
          { value: 'keep', label: 'Keep it', hint: 'it may only be reachable from where Shipmate will run' },
          { value: 'stop', label: 'Stop', hint: 'write nothing' },
        ],
      }),
    );
    if (next === 'keep') return answer;
    if (next === 'stop') throw new Stopped();
  }
}

async function secret(message: string, prefix: string): Promise<string> {
  const validate = (value: string | undefined): string | undefined =>
    value?.trim().startsWith(prefix) && value.trim().length > 7
      ? undefined
      : `That is not it${prefix ? `: it starts with ${prefix}` : ''}.`;
  return (await given(password({ message, validate }))).trim();
}

async function plain(
  message: string,
  initialValue: string,
  placeholder = '',
  mayBeEmpty = initialValue === '',
): Promise<string> {
  const validate = (value: string | undefined): string | undefined =>
    mayBeEmpty || value?.trim() ? undefined : 'Please answer, or press Ctrl-C to stop.';
  return ((await given(text({ message, initialValue, placeholder, validate }))) ?? '').trim();
}

async function given<T>(asking: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await asking;
  if (isCancel(answer)) throw new Stopped();
  return answer as Exclude<T, symbol>;
}

function words(list: string): string[] {
  return list.split(/[\s,]+/).filter((word) => word !== '');
}
