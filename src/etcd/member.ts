import { Etcd3, type IOptions } from 'etcd3';

/** How to reach an etcd cluster; secrets and certificates already read. */
export interface EtcdAccess {
  /** `http://` or `https://` URLs of the members. */
  readonly endpoints: readonly string[];
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM. Given ones switch TLS verification to them; `https` without them uses the system's roots. */
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

/**
 * One member with a client of its own, so that an answer is known to come from it and a frozen one can be left behind. etcd3's pool over
 * several hosts picks one at random for each call and hides which.
 */
export interface Member {
  readonly endpoint: string;
  readonly client: Etcd3;
}

/** Part of the first call's time: bcrypt takes etcd about 0.1 s. */
const AUTHENTICATE_MS = 1_500;

type Policy = NonNullable<NonNullable<IOptions['faultHandling']>['global']>;

/** Lets every call through: we choose members and repeat calls ourselves, and a breaker would answer "open" for 5 s after recovery. */
const letThrough = {
  execute: async (call: (context: { signal: AbortSignal }) => unknown) =>
    call({ signal: new AbortController().signal }),
} as unknown as Policy;

const CHANNEL: NonNullable<IOptions['grpcOptions']> = {
  // A peer that vanished without a FIN is noticed within 9 s (streams; unary calls have their own deadline). Not more often than every
  // 5 s and not without calls: etcd answers that with GOAWAY "too_many_pings" (`--grpc-keepalive-min-time`), which fails calls in flight.
  'grpc.keepalive_time_ms': 7_000,
  'grpc.keepalive_timeout_ms': 2_000,
  'grpc.keepalive_permit_without_calls': 0,
  // Otherwise a member that comes back is not tried again for up to two minutes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 500,
  // A new client must get a new connection, not a shared broken one.
  'grpc.use_local_subchannel_pool': 1,
  // etcd's own request limit is 1.5 MiB; a list of 100 such values is refused by us before it fills the memory.
  'grpc.max_receive_message_length': 16 * 1024 * 1024,
};

/** Opens one client per endpoint. Nothing is sent yet. */
export function openMembers(access: EtcdAccess): readonly Member[] {
  return access.endpoints.map((endpoint) => ({
    endpoint,
    client: new Etcd3(optionsFor(endpoint, access)),
  }));
}

function optionsFor(endpoint: string, access: EtcdAccess): IOptions {
  const options: IOptions = {
    hosts: [endpoint],
    grpcOptions: CHANNEL,
    // Ours are given with each call; this one is for the exchange of a password for a token, which etcd3 makes by itself.
    defaultCallOptions: (context) => (context.isStream ? {} : { deadline: Date.now() + AUTHENTICATE_MS }),
    faultHandling: { host: () => letThrough, global: letThrough },
  };
  if (access.username !== undefined)
    options.auth = {
      username: access.username,
      password: access.password ?? '',
    };
  if (access.ca ?? access.cert) {
    options.credentials = {
      rootCertificate: access.ca as Buffer,
      ...(access.key && { privateKey: access.key }),
      ...(access.cert && { certChain: access.cert }),
    };
  }
  return options;
}
