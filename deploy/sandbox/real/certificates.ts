import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, context, integer, objectId, octets, sequence, set, text, utcTime, yes } from './der.ts';

/**
 * A certificate authority of our own, so that no `openssl` is needed: `node:crypto` has the keys and signatures but issues no
 * certificates. ECDSA on P-256, RFC 5280. For loopback servers of the sandbox and the tests, never for anything that others reach.
 */
export interface Authority {
  /** The authority's own certificate, PEM. */
  readonly certificate: string;
  /** Its private key, PEM; kube-controller-manager signs certificate requests with it. */
  readonly key: string;
  /**
   * A certificate for a server and a client at once.
   * @param subject.user the common name: Kubernetes and etcd read it as the user's name.
   * @param subject.groups the organisations: Kubernetes reads them as groups.
   * @param subject.hosts names and IP addresses that a server answers to.
   */
  issue(subject: { user: string; groups?: readonly string[]; hosts?: readonly string[] }): Identity;
}

/** A certificate and its private key, PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** @param nowMs milliseconds since the Unix epoch; certificates hold from an hour before, for ten years. */
export function createAuthority(name: string, nowMs: number): Authority {
  const issuer = distinguishedName(name, []);
  const own = keyPair();
  const certificate = signed(own.key, {
    ...{ issuer, subject: issuer, publicKey: own.publicKey, nowMs },
    // keyUsage: digitalSignature, keyCertSign, cRLSign.
    extensions: [
      extension(OID.basicConstraints, sequence(yes()), 'critical'),
      extension(OID.keyUsage, bits(Uint8Array.of(0x86), 1), 'critical'),
    ],
  });
  return {
    certificate,
    key: own.pem,
    issue: ({ user, groups = [], hosts = [] }) => {
      const leaf = keyPair();
      const subject = distinguishedName(user, groups);
      const names = hosts.length === 0 ? [] : [extension(OID.subjectAltName, sequence(...hosts.map(generalName)))];
      const extensions = [
        extension(OID.keyUsage, bits(Uint8Array.of(0x80), 7), 'critical'),
        extension(OID.extendedKeyUsage, sequence(objectId(OID.serverAuth), objectId(OID.clientAuth))),
        ...names,
      ];
      return {
        certificate: signed(own.key, { issuer, subject, publicKey: leaf.publicKey, nowMs, extensions }),
        key: leaf.pem,
      };
    },
  };
}

/** A key pair for service-account tokens, PEM. */
export function createSigningKey(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

function keyPair(): { key: KeyObject; pem: string; publicKey: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
  return { key: createPrivateKey(privateKey), pem: privateKey, publicKey };
}

function signed(
  key: KeyObject,
  certificate: { issuer: Buffer; subject: Buffer; publicKey: Buffer; extensions: Buffer[]; nowMs: number },
): string {
  const algorithm = sequence(objectId(OID.ecdsaWithSha256));
  const body = sequence(
    context(0, 'constructed', integer(Uint8Array.of(2))),
    integer(randomBytes(16)),
    algorithm,
    certificate.issuer,
    sequence(utcTime(certificate.nowMs - HOUR_MS), utcTime(certificate.nowMs + 10 * YEAR_MS)),
    certificate.subject,
    certificate.publicKey,
    context(3, 'constructed', sequence(...certificate.extensions)),
  );
  return pem('CERTIFICATE', sequence(body, algorithm, bits(sign('sha256', body, key))));
}

function distinguishedName(commonName: string, organizations: readonly string[]): Buffer {
  const attribute = (type: string, value: string): Buffer => set(sequence(objectId(type), text(value)));
  return sequence(
    ...organizations.map((organization) => attribute(OID.organization, organization)),
    attribute(OID.commonName, commonName),
  );
}

function extension(id: string, value: Buffer, critical?: 'critical'): Buffer {
  return sequence(objectId(id), ...(critical ? [yes()] : []), octets(value));
}

function generalName(host: string): Buffer {
  if (isIP(host) === 4) return context(7, 'primitive', Uint8Array.from(host.split('.').map(Number)));
  return context(2, 'primitive', Buffer.from(host, 'ascii'));
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
