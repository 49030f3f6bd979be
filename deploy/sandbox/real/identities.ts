import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Authority, createSigningKey } from './certificates.ts';
import { apiUrl, FILES, kubeconfigFile, type Layout } from './components.ts';
import { callHttps } from './https.ts';
import { type Credential, writeKubeconfig } from './kubeconfig.ts';

/** Whom a kubeconfig is for: a person with groups, or a service account, which must exist. */
export type Subject =
  | { readonly user: string; readonly groups?: readonly string[] }
  | { readonly serviceAccount: string; readonly namespace: string };

const COMPONENT_USERS = {
  'kube-controller-manager': { user: 'system:kube-controller-manager' },
  'kube-scheduler': { user: 'system:kube-scheduler' },
  // KWOK plays every kubelet, writes what it likes, and has no role of its own.
  kwok: { user: 'kwok', groups: ['system:masters'] },
};

/** Writes keys, certificates and the components' kubeconfigs; the authority stays in memory for further people. */
export async function writeIdentities(layout: Layout, authority: Authority): Promise<void> {
  const server = authority.issue({
    user: 'kube-apiserver',
    hosts: ['127.0.0.1', 'localhost', 'kubernetes.default.svc', 'kubernetes.default'],
  });
  const tokens = createSigningKey();
  const files = [
    [FILES.ca, authority.certificate],
    [FILES.caKey, authority.key],
    [FILES.serverCertificate, server.certificate],
    [FILES.serverKey, server.key],
    [FILES.tokenKey, tokens.privateKey],
    [FILES.tokenPublicKey, tokens.publicKey],
  ] as const;
  await Promise.all(files.map(([name, content]) => writeFile(join(layout.dir, name), content, { mode: 0o600 })));
  for (const [name, subject] of Object.entries(COMPONENT_USERS)) {
    const access = { url: apiUrl(layout), ca: layout.ca, credential: authority.issue(subject), context: 'real' };
    await writeKubeconfig(kubeconfigFile(layout, name), access);
  }
}

/**
 * A new credential for a subject.
 * @throws Error with the API server's words when the service account does not exist.
 */
export async function credentialFor(layout: Layout, authority: Authority, subject: Subject): Promise<Credential> {
  if ('user' in subject) return authority.issue(subject);
  const { namespace, serviceAccount } = subject;
  const url = `${apiUrl(layout)}/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
  const answer = await callHttps(url, {
    ...{ method: 'POST', ca: layout.ca, identity: layout.admin },
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 86_400 } },
  });
  const result = JSON.parse(answer.body) as { status?: { token?: string }; message?: string };
  if (!result.status?.token) throw new Error(`No token for ${namespace}/${serviceAccount}: ${result.message}`);
  return { token: result.status.token };
}
