import type { Answers, ClusterAnswer } from './answers.ts';

/** The text of `.env`. Holds the tokens: written readable by its owner only. */
export function envText(answers: Answers): string {
  const lines = [
    '# Written by `npm run init`. Holds secrets: keep it out of version control. All variables: .env.example, docs/configuration.md',
    variable('SLACK_BOT_TOKEN', answers.botToken),
    ...(answers.appToken ? [variable('SLACK_APP_TOKEN', answers.appToken)] : []),
    ...(answers.signingSecret ? [variable('SLACK_SIGNING_SECRET', answers.signingSecret)] : []),
    ...(answers.slackApiUrl === 'https://slack.com/api/' ? [] : [variable('SLACK_API_URL', answers.slackApiUrl)]),
    variable('REDIS_URL', answers.redisUrl),
    variable('ETCD_ENDPOINTS', answers.etcdEndpoints),
  ];
  return `${lines.join('\n')}\n`;
}

/** Quoted where the readers of `.env` files (Node, Docker Compose) would read the plain text as something else. */
function variable(name: string, value: string): string {
  if (/^[\w@%+=:,./?&-]*$/.test(value)) return `${name}=${value}`;
  return value.includes("'") ? `${name}="${value}"` : `${name}='${value}'`;
}

/** The text of `shipmate.yaml`, with everything that is not asked for as a comment to uncomment. */
export function configText(answers: Answers): string {
  const clusters = answers.clusters.length > 0 ? ['clusters:', ...answers.clusters.flatMap(cluster)] : NO_CLUSTER;
  const people =
    answers.people.length > 0 ? ['  people:', ...answers.people.map((id) => `    - ${id}`)] : ['  people: []'];
  return `${[...HEAD, ...clusters, ...ETCD, ...ACCESS, ...people].join('\n')}\n`;
}

const HEAD = [
  '# Shipmate’s configuration. Written by `npm run init`; yours to edit. Every key: docs/configuration.md',
  '# Check it without starting anything: npm run config:check shipmate.yaml',
  '',
  '# Kubernetes clusters by alias; the first one is used when a command names none.',
];

const NO_CLUSTER = [
  '#clusters:',
  '#  staging:',
  '#    kubeconfig: ~/.kube/config   # default: KUBECONFIG, then ~/.kube/config',
  '#    context: staging             # default: the current context',
  '#    production: false            # true: PROD in every header and before every change',
];

function cluster({ alias, kubeconfig, context, isProduction, uid }: ClusterAnswer): string[] {
  return [
    `  ${alias}:`,
    ...(kubeconfig ? [`    kubeconfig: ${JSON.stringify(kubeconfig)}`] : []),
    `    context: ${JSON.stringify(context)}`,
    `    production: ${isProduction}   # true: PROD in every header and before every change`,
    ...(uid ? [`    uid: ${uid}   # of kube-system: no other cluster is ever touched under this alias`] : []),
    '    #namespace: default   # when a command names none',
  ];
}

const ETCD = [
  '',
  '# etcd clusters that your team operates with /etcd, by alias. Shipmate’s own memory is ETCD_ENDPOINTS in .env.',
  '#etcd:',
  '#  main:',
  '#    endpoints: [https://10.0.0.1:2379, https://10.0.0.2:2379, https://10.0.0.3:2379]',
  '#    caFile: /etc/shipmate/etcd-ca.pem',
  '#    certFile: /etc/shipmate/etcd.pem',
  '#    keyFile: /etc/shipmate/etcd-key.pem',
];

const ACCESS = [
  '',
  '# Who may use Shipmate: Slack user ids (profile, "…", "Copy member ID"). Empty: nobody.',
  'access:',
];
