import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { Identity } from './certificates.ts';

/** Who a kubeconfig speaks as: a client certificate or a bearer token. */
export type Credential = Identity | { readonly token: string };

/** Writes a kubeconfig that needs no other file, readable by its owner only. `context` names its only context, cluster and user. */
export async function writeKubeconfig(
  file: string,
  access: { url: string; ca: string; credential: Credential; context: string; namespace?: string },
): Promise<string> {
  const { context, credential } = access;
  const user =
    'token' in credential
      ? { token: credential.token }
      : {
          'client-certificate-data': base64(credential.certificate),
          'client-key-data': base64(credential.key),
        };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: context, cluster: { server: access.url, 'certificate-authority-data': base64(access.ca) } }],
    users: [{ name: context, user }],
    contexts: [
      { name: context, context: { cluster: context, user: context, namespace: access.namespace ?? 'default' } },
    ],
    'current-context': context,
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
