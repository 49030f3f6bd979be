import { shortened } from './exit-codes.ts';

/** An image reference taken apart as the container runtimes do (github.com/distribution/reference): Docker Hub where no host is named. */
export interface ImageName {
  /** Host, with a port if it has one: `docker.io`, `registry.example.com:5000`. */
  readonly registry: string;
  /** `library/nginx`, `shop/web`. */
  readonly repository: string;
  /** '' for none: the runtime then takes `latest`. */
  readonly tag: string;
  /** `sha256:…`, or ''. */
  readonly digest: string;
}

export function parseImage(reference: string): ImageName {
  const [named = '', digest = ''] = reference.split('@');
  const slash = named.indexOf('/');
  const first = slash === -1 ? '' : named.slice(0, slash);
  const hasHost = first.includes('.') || first.includes(':') || first === 'localhost';
  const host = hasHost ? first : 'docker.io';
  const rest = hasHost ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(':');
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const isHub = host === 'docker.io' || host === 'index.docker.io';
  return {
    registry: isHub ? 'docker.io' : host,
    repository: isHub && !path.includes('/') ? `library/${path}` : path,
    tag: colon === -1 ? '' : rest.slice(colon + 1),
    digest,
  };
}

export interface PullFailure {
  /** `not found`, `no access (unauthorized)`, `registry cannot be reached: no such host`. */
  readonly what: string;
  /** It cannot succeed by itself: waiting for the usual two minutes tells nothing new. */
  readonly isCertain: boolean;
  /** It is about the way to the registry or the registry itself, so the node may be what many share. */
  readonly isNetwork: boolean;
}

/** The first that matches decides: `lookup x: no such host … not found` is a name server's answer, not the registry's. */
const FAILURES: readonly (readonly [RegExp, string, 'certain' | 'network' | 'passing'])[] = [
  [/no such host|server misbehaving/i, 'registry cannot be reached: host name is unknown', 'network'],
  [/toomanyrequests|too many requests|rate limit|\b429\b/i, 'registry refuses for now: rate limit', 'passing'],
  [/x509|certificate/i, 'registry’s certificate is not trusted', 'network'],
  [/connection refused/i, 'registry cannot be reached: connection refused', 'network'],
  [/no route to host|network is unreachable/i, 'registry cannot be reached: no route', 'network'],
  [/i\/o timeout|deadline exceeded|handshake timeout|timed? ?out/i, 'registry cannot be reached: timeout', 'network'],
  [/connection reset|unexpected eof|\beof$/i, 'registry broke the connection off', 'network'],
  [/no space left on device/i, 'no space left on the node’s disk', 'passing'],
  [/repository does not exist or may require/i, 'not found, or no access', 'certain'],
  [
    /unauthorized|authentication required|authorization failed|access denied|no basic auth|denied:|insufficient_scope|\b401\b|forbidden|\b403\b/i,
    'no access (unauthorized)',
    'certain',
  ],
  [
    /no match for platform|no matching manifest|image operating system/i,
    'not built for this node’s platform',
    'certain',
  ],
  [/not found|manifest unknown|name unknown|\b404\b/i, 'not found', 'certain'],
  [/invalid reference format|couldn.t parse image|InvalidImageName/i, 'the name is not valid', 'certain'],
  [/signature|policy/i, 'signature or policy refuses it', 'passing'],
  [/\b50[0234]\b|bad gateway|service unavailable|internal server error/i, 'registry answers with an error', 'network'],
];

/** Reads what kubelet and runtime say about a pull (containerd, CRI-O, Docker). Undefined when the text names no cause. */
export function pullFailure(message: string): PullFailure | undefined {
  const found = FAILURES.find(([pattern]) => pattern.test(message));
  if (found) return { what: found[1], isCertain: found[2] === 'certain', isNetwork: found[2] === 'network' };
  const rest = /(?:desc = |ErrImagePull: |: )([^:]{4,}(?:: [^:]+)?)$/.exec(message.trim())?.[1];
  if (rest === undefined || /back-off pulling/i.test(message.slice(0, 20))) return undefined;
  return { what: shortened(rest, 100), isCertain: false, isNetwork: false };
}
