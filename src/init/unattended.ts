import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Answers, aliasOf, type ClusterAnswer } from './answers.ts';
import { checkAppToken, checkBotToken, checkCluster, checkEtcd, checkPeople, checkRedis } from './checks.ts';
import { contextsOf } from './kubeconfig-contexts.ts';

export interface Flags {
  readonly people: string;
  /** Absent: the current context. */
  readonly contexts?: string | undefined;
  readonly production: string;
}

export interface Unattended {
  /** Absent when there is any problem. */
  readonly answers?: Answers;
  readonly said: readonly string[];
  readonly problems: readonly string[];
}

/** Answers for `--yes`, all of them tried, every problem at once. */
export async function answersFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  flags: Flags,
): Promise<Unattended> {
  const said: string[] = [];
  const problems: string[] = [];
  const tried = async (name: string, check: () => Promise<string>): Promise<void> => {
    try {
      said.push(await check());
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
    }
  };
  const slackApiUrl = env.SLACK_API_URL || 'https://slack.com/api/';
  const botToken = env.SLACK_BOT_TOKEN || '';
  const appToken = env.SLACK_APP_TOKEN || undefined;
  const signingSecret = env.SLACK_SIGNING_SECRET || undefined;
  const redisUrl = env.REDIS_URL || 'redis://127.0.0.1:6379';
  const etcdEndpoints = env.ETCD_ENDPOINTS || 'http://127.0.0.1:2379';
  const people = words(flags.people);

  if (botToken === '') problems.push('SLACK_BOT_TOKEN: is missing.');
  else {
    await tried('SLACK_BOT_TOKEN', () => checkBotToken(slackApiUrl, botToken));
    await tried('--people', () => checkPeople(slackApiUrl, botToken, people));
  }
  if (appToken) await tried('SLACK_APP_TOKEN', () => checkAppToken(slackApiUrl, appToken));
  else if (!signingSecret) problems.push('SLACK_APP_TOKEN: is missing, and so is SLACK_SIGNING_SECRET.');
  await tried('REDIS_URL', () => checkRedis(redisUrl));
  await tried('ETCD_ENDPOINTS', () => checkEtcd(etcdEndpoints));

  const clusters: ClusterAnswer[] = [];
  for (const wanted of chosenClusters(env, flags, problems)) {
    await tried(`context ${wanted.context}`, async () => {
      const { said: sentence, uid } = await checkCluster(wanted);
      clusters.push({ ...wanted, ...(uid && { uid }) });
      return sentence;
    });
  }
  if (problems.length > 0) return { said, problems };
  const tokens = { ...(appToken && { appToken }), ...(signingSecret && { signingSecret }) };
  return { said, problems, answers: { slackApiUrl, botToken, ...tokens, people, redisUrl, etcdEndpoints, clusters } };
}

function chosenClusters(
  env: Readonly<Record<string, string | undefined>>,
  flags: Flags,
  problems: string[],
): ClusterAnswer[] {
  if (flags.contexts === '') return [];
  const kubeconfig = env.KUBECONFIG || undefined;
  try {
    const { names, current } = contextsOf(kubeconfig ?? join(homedir(), '.kube', 'config'));
    const contexts = flags.contexts === undefined ? [current ?? names[0]] : words(flags.contexts);
    const production = words(flags.production);
    return contexts
      .filter((context) => context !== undefined)
      .map((context) => ({
        alias: aliasOf(context),
        ...(kubeconfig && { kubeconfig }),
        context,
        isProduction: production.includes(context),
      }));
  } catch (error) {
    problems.push(`KUBECONFIG: ${(error as Error).message} (--contexts "" for no cluster)`);
    return [];
  }
}

function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
