import {
  ConflictError,
  NotFoundError,
  PermissionError,
  type ShipmateError,
  UnavailableError,
  UsageError,
} from '../errors.ts';

/** The parts of a `meta.k8s.io/v1 Status` that we read. */
export interface ApiStatus {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?:
    | {
        readonly name?: string;
        readonly group?: string;
        readonly kind?: string;
        readonly uid?: string;
        readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
        readonly retryAfterSeconds?: number;
      }
    | undefined;
}

/** The resourceVersion asked for is no longer kept: list again and start from there. */
export class Gone extends UnavailableError {}

/** The server's own answer behind an error of ours, when it was one; for decisions, not for showing. */
export function statusOf(error: unknown): ApiStatus | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return isApiStatus(cause) ? cause : undefined;
}

/**
 * An API server's refusal in kubectl's words (`cli-runtime` `StandardErrorMessage`, `kubectl` `checkErr`).
 * Only the Status is used: never headers, never the request.
 * @param cluster the alias, named where the cluster itself is the trouble.
 * @param user on whose behalf it was asked, when not as Shipmate.
 */
export function errorFromStatus(status: ApiStatus, cluster: string, user?: string): ShipmateError {
  const text = sentenceOf(status);
  const detail = { cause: status };
  if (status.code === 401 || status.reason === 'Unauthorized')
    return new PermissionError(`error: You must be logged in to the server (${status.message || 'Unauthorized'})`, {
      ...detail,
      hint: `Cluster ${cluster} does not accept Shipmate's own credentials; whoever runs Shipmate must renew them.`,
    });
  if (status.code === 403)
    return new PermissionError(text, {
      ...detail,
      hint:
        user === undefined
          ? `Shipmate's own account on cluster ${cluster} lacks this right; whoever administers its RBAC can grant it.`
          : `Asked as ${JSON.stringify(user)}, for whom you stand on cluster ${cluster}; whoever administers its RBAC can grant it.`,
    });
  if (status.code === 404) return new NotFoundError(text, detail);
  if (status.code === 409)
    return new ConflictError(text, { ...detail, hint: 'Look at it again and repeat the command.' });
  if (status.code === 410 || status.reason === 'Expired' || status.reason === 'Gone') return new Gone(text, detail);
  if (status.code === 429 || status.code >= 500 || status.code < 400)
    return new UnavailableError(`${text} (cluster ${cluster})`, {
      ...detail,
      hint: `Cluster ${cluster} could not do this now; try again in a moment.`,
    });
  return new UsageError(text, detail);
}

/** The body of a failed answer as a Status; a body that is none (a proxy's page) becomes one in client-go's words. */
export function statusFromBody(code: number, body: string): ApiStatus {
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed !== null && typeof parsed === 'object' && 'kind' in parsed && parsed.kind === 'Status') {
      const status = parsed as Partial<ApiStatus>;
      return {
        code: status.code ?? code,
        reason: status.reason ?? '',
        message: status.message ?? 'unknown',
        details: status.details,
      };
    }
  } catch {
    // Not JSON: a load balancer or proxy speaks.
  }
  if (code === 404) return { code, reason: 'NotFound', message: 'the server could not find the requested resource' };
  const excerpt = JSON.stringify(body.replace(/\s+/g, ' ').trim().slice(0, 200));
  return { code, reason: '', message: `an error on the server (${excerpt}) has prevented the request from succeeding` };
}

/** Network trouble as ours. The address stays out: it is for administrators, and they have the log. */
export function errorFromNetwork(thrown: unknown, cluster: string): UnavailableError {
  const code = networkCode(thrown);
  const what = NETWORK_WORDS[code] ?? (code.includes('CERT') || code.includes('SIGNATURE') ? 'certificate' : undefined);
  const hint = 'Check that the API server is up and reachable from Shipmate, then try again.';
  if (what === 'certificate')
    return new UnavailableError(`The certificate of cluster ${cluster} is not trusted (${code}).`, {
      hint: 'Check certificate-authority-data in the kubeconfig of this cluster.',
      cause: thrown,
    });
  return new UnavailableError(`Unable to connect to the server of cluster ${cluster}: ${what ?? code}.`, {
    hint,
    cause: thrown,
  });
}

const NETWORK_WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'the connection broke',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name server does not answer',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
};

function networkCode(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof AggregateError && error.errors.length > 0) return networkCode(error.errors[0]);
    if ('code' in error && typeof error.code === 'string') return error.code;
  }
  return 'the connection failed';
}

function sentenceOf(status: ApiStatus): string {
  if (status.reason === 'Invalid') return invalidSentence(status);
  const causes =
    status.code === 429 ? distinct((status.details?.causes ?? []).map((cause) => cause.message ?? '')) : [];
  const message = [status.message, ...causes.filter((cause) => !status.message.includes(cause))].join(' ');
  return status.reason === '' ? `Error from server: ${message}` : `Error from server (${status.reason}): ${message}`;
}

/** `The Deployment "web" is invalid: ` and each cause once: one on the same line, several as a list. */
function invalidSentence(status: ApiStatus): string {
  const { kind = '', name = '', causes = [] } = status.details ?? {};
  const subject =
    kind === '' && name === '' ? 'The request is invalid' : `The ${kind} ${JSON.stringify(name)} is invalid`;
  const lines = distinct(
    causes.map((cause) => (cause.field ? `${cause.field}: ${cause.message}` : (cause.message ?? ''))),
  );
  if (lines.length === 0) return status.message === '' ? subject : `${subject}: ${status.message}`;
  return lines.length === 1
    ? `${subject}: ${lines[0]}`
    : `${subject}: \n${lines.map((line) => `* ${line}`).join('\n')}`;
}

function distinct(lines: readonly string[]): string[] {
  return [...new Set(lines.filter((line) => line !== ''))];
}

function isApiStatus(value: unknown): value is ApiStatus {
  return value !== null && typeof value === 'object' && 'code' in value && 'reason' in value && 'message' in value;
}
