import { openQueues } from '../jobs/bull-queues.ts';
import { connectClusters } from '../kubernetes/connect.ts';
import { createLogger } from '../log.ts';
import { openStore } from '../state/etcd-store.ts';
import type { ClusterAnswer } from './answers.ts';

/**
 * Each answer tried on the real thing. A check returns one sentence about what it found, or throws an Error whose message says what is wrong
 * and what to do. Nothing is changed anywhere.
 */
const log = createLogger('silent');
const WITHIN_MS = 8_000;

/** Who the bot token belongs to. */
export async function checkBotToken(apiUrl: string, token: string): Promise<string> {
  const { team, user } = await slack(apiUrl, 'auth.test', token);
  return `Slack knows the bot "${user}" in the workspace "${team}".`;
}

/** Whether Socket Mode opens with the app-level token. */
export async function checkAppToken(apiUrl: string, token: string): Promise<string> {
  await slack(apiUrl, 'apps.connections.open', token);
  return 'Slack opens a Socket Mode connection with this token.';
}

/** Whether these people exist. */
export async function checkPeople(apiUrl: string, token: string, ids: readonly string[]): Promise<string> {
  const names: string[] = [];
  for (const id of ids) {
    const { user } = await slack(apiUrl, 'users.info', token, { user: id });
    const found = user as { real_name?: string; name?: string; deleted?: boolean };
    if (found.deleted) throw new Error(`${id} is deactivated in Slack.`);
    names.push(found.real_name || found.name || id);
  }
  return names.length > 0 ? `May use Shipmate: ${names.join(', ')}.` : 'Nobody may use Shipmate yet.';
}

const SLACK_HINTS: Readonly<Record<string, string>> = {
  invalid_auth:
    'Copy the token again: the bot token stands under "OAuth & Permissions", the app token under "Basic Information".',
  not_authed: 'The token is empty.',
  not_allowed_token_type: 'This is the other kind of token.',
  token_revoked: 'Install the app to the workspace again.',
  account_inactive: 'Install the app to the workspace again.',
  missing_scope: 'Create the app from deploy/slack/manifest.yaml, or give it the scope and install it again.',
  user_not_found: 'In Slack, open the person’s profile, "…", "Copy member ID".',
};

async function slack(
  apiUrl: string,
  method: string,
  token: string,
  form: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const base = apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`;
  const response = await fetch(new URL(method, base), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(WITHIN_MS),
  }).catch((error: Error) => {
    throw new Error(`${base} does not answer: ${(error.cause as Error | undefined)?.message ?? error.message}.`);
  });
  const text = await response.text();
  const answer = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  if (answer.ok === true) return answer;
  const code = String(answer.error ?? `HTTP ${response.status}`);
  const needed = answer.needed ? ` It needs ${String(answer.needed)}.` : '';
  throw new Error(`Slack says "${code}".${needed} ${SLACK_HINTS[code] ?? ''}`.trim());
}

/** Whether Redis answers, and what would go wrong with it later. */
export async function checkRedis(url: string): Promise<string> {
  const queues = openQueues(url, log);
  try {
    const { ok, version, error, warnings } = await answerOf(queues.health(), 'Redis');
    if (!ok) throw new Error(`Redis does not answer: ${error}.`);
    const mind = (warnings ?? []).map((warning) => ` Mind: ${warning}.`).join('');
    return `Redis ${version ?? ''} answers.${mind}`.replace('  ', ' ');
  } finally {
    await queues.close();
  }
}

/** Whether Shipmate's own etcd answers. */
export async function checkEtcd(endpoints: string): Promise<string> {
  const list = endpoints.split(',').map((endpoint) => endpoint.trim());
  const store = openStore({ endpoints: list }, { prefix: 'shipmate/v1/', log });
  try {
    const { ok, version, error } = await answerOf(store.health(), 'etcd');
    if (!ok) throw new Error(`etcd does not answer: ${error}.`);
    const few =
      list.length < 3 ? ' One member loses everything with its disk: run three for anything that matters.' : '';
    return `etcd ${version} answers.${few}`;
  } finally {
    await store.close();
  }
}

/** Whether the cluster answers with this kubeconfig; also tells the uid that the config then pins. */
export async function checkCluster(answer: ClusterAnswer): Promise<{ said: string; uid: string | undefined }> {
  const { alias, kubeconfig, context, isProduction: production } = answer;
  const clusters = connectClusters({ [alias]: { kubeconfig, context, production } }, {}, log);
  try {
    const cluster = clusters.get();
    const version = await answerOf(cluster.version(), `Cluster ${alias}`);
    const uid = await cluster
      .request({ resource: { group: '', version: 'v1', plural: 'namespaces', namespaced: false }, name: 'kube-system' })
      .then((namespace) => namespace.metadata.uid)
      // The account may not read namespaces; the cluster is then simply not pinned.
      .catch(() => undefined);
    return { said: `Cluster ${alias} answers: Kubernetes ${version}.`, uid };
  } finally {
    await clusters.close();
  }
}

function answerOf<T>(asking: Promise<T>, what: string): Promise<T> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  return Promise.race([
    asking,
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () =>
        reject(new Error(`${what} did not answer within ${WITHIN_MS / 1_000} s.`)),
      );
    }),
  ]);
}
