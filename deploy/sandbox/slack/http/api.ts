import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, type Args, type Method, requireScope } from '../methods/method.ts';
import { methods } from '../methods/registry.ts';
import type { CallFault } from '../protocol.ts';
import type { Workspace } from '../workspace.ts';
import { hang, sendJson, sendText } from './exchange.ts';

/** One Web API call: faults before, token, scope, rate limit, the method itself, faults after, and a line in the log. */
export async function handleApi(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
  call: { readonly method: string; readonly query: URLSearchParams; readonly body: Buffer },
): Promise<void> {
  const { token, args } = parseCall(request, call.query, call.body);
  const channel = typeof args.channel === 'string' ? args.channel : undefined;
  const fault = workspace.faults.take(call.method, channel);
  if (fault?.hangMs !== undefined) await hang(fault.hangMs, response);
  if (fault?.status !== undefined || fault?.error !== undefined) {
    answerFault(workspace, response, call.method, args, fault);
    return;
  }
  const answer = run(workspace, call.method, token, args);
  record(workspace, call.method, args, answer);
  if (fault?.dropAfter === true) {
    request.socket.destroy();
    return;
  }
  if (fault?.statusAfter !== undefined) {
    sendText(response, fault.statusAfter, 'upstream request timeout');
    return;
  }
  sendJson(response, answer.status, answer.body, answer.headers);
}

interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Record<string, string>;
}

function run(workspace: Workspace, name: string, token: string | undefined, args: Args): ApiAnswer {
  const headers = { 'x-oauth-scopes': [...workspace.scopes].join(',') };
  try {
    const method = methods.get(name);
    if (method === undefined) throw new ApiError('unknown_method', { req_method: name });
    checkToken(workspace, method, token);
    if (method.scopes !== undefined) requireScope(workspace, ...method.scopes);
    const retryAfter = name === 'chat.postMessage' ? overLimit(workspace, args) : undefined;
    if (retryAfter !== undefined) return rateLimited(retryAfter);
    return { status: 200, body: { ok: true, ...method.run(workspace, args) }, headers };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: 200, body: { ok: false, error: error.code, ...error.extra }, headers };
  }
}

function checkToken(workspace: Workspace, method: Method, token: string | undefined): void {
  if (method.token === 'none') return;
  if (token === undefined || token === '') throw new ApiError('not_authed');
  if (workspace.faults.tokenError !== undefined) throw new ApiError(workspace.faults.tokenError);
  const { botToken, appToken } = workspace.world.app;
  if (token !== botToken && token !== appToken) throw new ApiError('invalid_auth');
  if (token !== (method.token === 'bot' ? botToken : appToken)) throw new ApiError('not_allowed_token_type');
}

function overLimit(workspace: Workspace, args: Args): number | undefined {
  const { postLimit } = workspace.settings;
  if (postLimit === false) return undefined;
  return workspace.postLimit.take(String(args.channel ?? ''), postLimit, workspace.time.now());
}

function rateLimited(seconds: number): ApiAnswer {
  return { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(seconds) } };
}

function answerFault(
  workspace: Workspace,
  response: ServerResponse,
  method: string,
  args: Args,
  fault: CallFault,
): void {
  const { status, error } = fault;
  const answer: ApiAnswer =
    status === 429
      ? rateLimited(fault.retryAfterSeconds ?? 1)
      : { status: status ?? 200, body: { ok: false, error: error ?? 'internal_error' }, headers: {} };
  record(workspace, method, args, answer);
  if (status === undefined || status === 429) sendJson(response, answer.status, answer.body, answer.headers);
  else sendText(response, status, 'Service Unavailable');
}

function record(workspace: Workspace, method: string, args: Args, answer: ApiAnswer): void {
  const { body, status } = answer;
  const ts = body.ts ?? body.message_ts;
  workspace.calls.add(
    {
      at: workspace.time.now(),
      method,
      args,
      status,
      ok: body.ok === true,
      ...(typeof body.error === 'string' ? { error: body.error } : {}),
      ...(typeof ts === 'string' ? { ts } : {}),
    },
    workspace.settings.keepCalls,
  );
}

/** Arguments come as a form, as JSON, or in the address; the token as a header or among them. */
function parseCall(
  request: IncomingMessage,
  query: URLSearchParams,
  body: Buffer,
): { token: string | undefined; args: Args } {
  const contentType = request.headers['content-type'] ?? '';
  const fromQuery = Object.fromEntries(query);
  const fromBody = contentType.includes('application/json')
    ? parsedJson(body)
    : Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  const { token: given, ...args }: Record<string, unknown> = { ...fromQuery, ...fromBody };
  const [, bearer] = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return { token: bearer ?? (typeof given === 'string' ? given : undefined), args };
}

function parsedJson(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
