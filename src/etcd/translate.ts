import {
  InternalError,
  NotFoundError,
  PermissionError,
  ShipmateError,
  UnavailableError,
  UsageError,
} from '../errors.ts';

/** What an etcd call's failure says, taken apart. etcd3 keeps gRPC's text: `14 UNAVAILABLE: etcdserver: request timed out`. */
interface Failure {
  readonly code: number | undefined;
  readonly text: string;
}

const NEVER_SENT = [
  /no connection established/i,
  /ECONNREFUSED/,
  /name resolution failed/i,
  /etcdserver: too many requests/,
  /etcdserver: no leader/,
  // A member that has just lost its leader (raft.ErrProposalDropped).
  /raft proposal dropped/,
  /client was already closed/,
];

/** gRPC codes that mean "no answer": cancelled, unknown (errors that etcd gives no code), deadline, internal (a broken stream), unavailable. */
const NO_ANSWER = new Set([1, 2, 4, 13, 14]);

/** Whether another member, or the same one a moment later, may answer. */
export function isNoAnswer(error: unknown): boolean {
  if (error instanceof ShipmateError) return error instanceof UnavailableError;
  const { code, text } = takeApart(error);
  return (code !== undefined && NO_ANSWER.has(code)) || NEVER_SENT.some((pattern) => pattern.test(text));
}

/** Whether a write that failed so certainly never reached the cluster's log. False means: it may have happened, or may still happen. */
export function wasNeverSent(error: unknown): boolean {
  const { text } = takeApart(error);
  return NEVER_SENT.some((pattern) => pattern.test(text));
}

/**
 * One of our errors for one of etcd's, in the words that etcdctl prints after `Error: `.
 * @param where how to name the system in the message: `etcd "main" (http://10.0.0.1:2379)`.
 */
export function translateEtcdError(error: unknown, where: string): ShipmateError {
  if (error instanceof ShipmateError) return error;
  const { code, text } = takeApart(error);
  const detail = (hint: string) => ({ hint, cause: error });
  if (isNoAnswer(error)) {
    return new UnavailableError(`${where} gave no answer: ${code === 4 ? 'context deadline exceeded' : text}.`, {
      hint: 'Check that the member runs, is reachable and has a leader: etcdctl endpoint status.',
      cause: error,
    });
  }
  if (
    code === 7 ||
    code === 16 ||
    /permission denied|invalid user ID|user name is empty|invalid auth token/.test(text)
  ) {
    return new PermissionError(
      `${where}: ${text}.`,
      detail('The etcd user of Shipmate needs that right: etcdctl role grant-permission.'),
    );
  }
  if (code === 12 || /HTTP status code/.test(text)) {
    return new UnavailableError(
      `${where} does not speak etcd's v3 protocol (${text}).`,
      detail('Check the address and port: etcd listens for clients on 2379 by default.'),
    );
  }
  if (/required revision has been compacted/.test(text)) {
    return new UsageError(
      `${where}: ${text}.`,
      detail('That revision is no longer kept; ask for a newer one, or leave out --rev.'),
    );
  }
  if (/future revision/.test(text)) {
    return new UsageError(
      `${where}: ${text}.`,
      detail('The cluster has not reached that revision yet; leave out --rev for the newest.'),
    );
  }
  if (/database space exceeded/.test(text)) {
    return new UnavailableError(
      `${where}: ${text}.`,
      detail('etcd refuses writes until it is compacted, defragmented and the NOSPACE alarm is disarmed.'),
    );
  }
  if (code === 8)
    return new UsageError(
      `${where}: the answer is too large (${text}).`,
      detail('Ask for less: --limit, --keys-only or --count-only.'),
    );
  if (code === 5) return new NotFoundError(`${where}: ${text}.`, { cause: error });
  if (code === 3 || code === 9 || code === 11) return new UsageError(`${where}: ${text}.`, { cause: error });
  return new InternalError(`${where} answered with something unexpected.`, {
    cause: error,
  });
}

function takeApart(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  // etcd3 wraps one of them: `Lease 5 NOT_FOUND: etcdserver: requested lease not found is expired or revoked`.
  const match = /^(?:Lease )?(\d+) [A-Z_]+: ([\s\S]*?)(?: is expired or revoked)?$/.exec(message);
  if (!match) return { code: undefined, text: message };
  return { code: Number(match[1]), text: withoutNoise(match[2] as string) };
}

/** grpc-js wraps the one telling part: `No connection established. Last error: Error: connect ECONNREFUSED …. Resolution note: `. */
function withoutNoise(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(
      /^(No connection established)\. Last error: (?:Error: )?(.*?)\.? Resolution note:.*$/,
      'no connection established ($2)',
    )
    .replace(/Name resolution failed for target dns:(\S+)/, 'name resolution failed for $1')
    .trim();
}
