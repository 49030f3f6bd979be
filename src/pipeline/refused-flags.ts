import { UsageError } from '../errors.ts';

/** kubectl's flags that change who acts or where: the config decides that, never the chat (reference kubectl-and-etcdctl §0.6). */
const IDENTITY_FLAGS = new Set([
  'as',
  'as-group',
  'as-uid',
  'as-user-extra',
  'token',
  'user',
  'username',
  'password',
  'server',
  'kubeconfig',
  'certificate-authority',
  'client-certificate',
  'client-key',
  'insecure-skip-tls-verify',
  'tls-server-name',
  'raw',
  'cache-dir',
  'profile',
  'profile-output',
]);

/**
 * @param own the command's own arguments: `--user` of `/shipmate audit` is not kubectl's.
 * @throws UsageError when a word is one of kubectl's identity or endpoint flags.
 */
export function refuseIdentityFlags(
  words: readonly { readonly text: string }[],
  own: Readonly<Record<string, unknown>> = {},
): void {
  for (const { text } of words) {
    if (text === '--') return;
    const name = /^--([a-z-]+)/.exec(text)?.[1] ?? (text === '-s' ? 'server' : '');
    if (IDENTITY_FLAGS.has(name) && !Object.hasOwn(own, name)) {
      throw new UsageError(
        `\`${text.split('=')[0]}\` is not available from Slack: the bot chooses the identity and the cluster.`,
        {
          hint: 'Use --cluster with one of the aliases that `/k8s contexts` lists.',
        },
      );
    }
  }
}
