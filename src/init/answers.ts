/** What `npm run init` needs to know, whether a person typed it or a script gave it. */
export interface Answers {
  readonly slackApiUrl: string;
  readonly botToken: string;
  /** Socket Mode. */
  readonly appToken?: string;
  /** HTTP mode, when there is no app token. */
  readonly signingSecret?: string;
  /** Slack user ids that may use Shipmate. */
  readonly people: readonly string[];
  readonly redisUrl: string;
  /** Comma-separated. */
  readonly etcdEndpoints: string;
  readonly clusters: readonly ClusterAnswer[];
}

export interface ClusterAnswer {
  readonly alias: string;
  /** Absent: wherever kubectl looks. */
  readonly kubeconfig?: string;
  readonly context: string;
  readonly isProduction: boolean;
  /** Of the kube-system namespace, seen while checking. */
  readonly uid?: string;
}

/** An alias for a kubeconfig context: `arn:aws:eks:eu-1:1:cluster/Prod_A` becomes `prod-a`. */
export function aliasOf(context: string): string {
  const last = context.split(/[/:@]/).findLast((part) => part !== '') ?? context;
  const word = last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 31);
  return word.replace(/-+$/, '') || 'main';
}
