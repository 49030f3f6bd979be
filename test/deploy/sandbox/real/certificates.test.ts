import { X509Certificate } from 'node:crypto';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { createAuthority } from '../../../../deploy/sandbox/real/certificates.ts';

const NOW = Date.parse('2026-11-21T03:00:00Z');

test('a certificate names its user, groups and hosts, and is signed by its authority', () => {
  const authority = createAuthority('crew', NOW);

  const issued = authority.issue({ user: 'ada', groups: ['ops', 'dev'], hosts: ['localhost', '127.0.0.1'] });

  const certificate = new X509Certificate(issued.certificate);
  expect(certificate.subject).toBe('O=ops\nO=dev\nCN=ada');
  expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
  expect(certificate.ca).toBe(false);
  expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect(new X509Certificate(authority.certificate).ca).toBe(true);
});

test('a certificate holds from an hour before it was made, for ten years', () => {
  const { certificate } = createAuthority('crew', NOW).issue({ user: 'ada' });

  expect(new Date(new X509Certificate(certificate).validFrom).toISOString()).toBe('2026-11-21T02:00:00.000Z');
  expect(new Date(new X509Certificate(certificate).validTo).toISOString()).toBe('2036-11-18T03:00:00.000Z');
});

test('a subject longer than 127 bytes keeps its name', () => {
  const user = 'a'.repeat(300);

  const { certificate } = createAuthority('crew', NOW).issue({ user });

  expect(new X509Certificate(certificate).subject).toBe(`CN=${user}`);
});

test('server and client accept each other over TLS, and the server learns the name', async () => {
  const authority = createAuthority('crew', Date.now());
  const of = (user: string) => authority.issue({ user, hosts: ['127.0.0.1'] });
  const [serverSide, clientSide] = [of('server'), of('ada')];
  const server = createServer(
    { ca: authority.certificate, cert: serverSide.certificate, key: serverSide.key, requestCert: true },
    (incoming, response) => response.end((incoming.socket as TLSSocket).getPeerCertificate().subject.CN),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const answer = await new Promise<string>((resolve, reject) => {
    const outgoing = request({
      ...{ host: '127.0.0.1', port: (server.address() as AddressInfo).port, agent: false },
      ...{ ca: authority.certificate, cert: clientSide.certificate, key: clientSide.key },
    });
    outgoing.once('response', (response) => response.setEncoding('utf8').once('data', resolve));
    outgoing.once('error', reject);
    outgoing.end();
  });
  server.close();

  expect(answer).toBe('ada');
});
