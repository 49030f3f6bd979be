import type { IncomingMessage, ServerResponse } from 'node:http';
import { respond } from '../gestures/respond.ts';
import { ApiError } from '../methods/method.ts';
import type { Workspace } from '../workspace.ts';
import { sendBytes, sendJson, sendText } from './exchange.ts';

/** `POST /upload/<file id>`: the bytes, as they are or as a form with one file. */
export function handleUpload(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
  body: Buffer,
): void {
  const file = workspace.files.get(id);
  if (file === undefined || file.isComplete) {
    sendText(response, 404, 'file_not_found');
    return;
  }
  const [, boundary] = /multipart\/form-data;.*boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '') ?? [];
  const bytes = boundary === undefined ? body : firstPart(body, boundary);
  if (bytes.length !== file.size) {
    sendText(response, 400, `expected ${file.size} bytes, got ${bytes.length}`);
    return;
  }
  file.bytes = bytes;
  sendText(response, 200, `OK - ${bytes.length}`);
}

/** `GET /files/<id>/<name>` for the app (with its token), `/page-files/…` for the page. */
export function handleDownload(
  workspace: Workspace,
  response: ServerResponse,
  request: {
    readonly id: string;
    readonly token?: string | undefined;
    readonly isPage: boolean;
    readonly isDownload: boolean;
  },
): void {
  const file = workspace.files.get(request.id);
  const isAllowed = request.isPage || request.token === workspace.world.app.botToken;
  if (file?.bytes === undefined || !file.isComplete || !isAllowed) {
    sendText(response, 404, 'file_not_found');
    return;
  }
  // Pictures and text only are shown in place: an uploaded page must not run as one of ours.
  const isShown = /^(text\/(plain|csv|yaml|x-diff|markdown)|application\/json|image\/(png|jpeg))$/.test(file.mimetype);
  const name = encodeURIComponent(file.name);
  sendBytes(response, file.bytes, file.mimetype.startsWith('text/') ? 'text/plain; charset=utf-8' : file.mimetype, {
    'content-disposition': `${isShown && !request.isDownload ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
    'x-content-type-options': 'nosniff',
  });
}

/** `POST /response/<token>`: what an app says by a `response_url`. */
export function handleResponse(workspace: Workspace, response: ServerResponse, token: string, body: Buffer): void {
  const fault = workspace.faults.take('response_url', undefined);
  if (fault?.status !== undefined) {
    const headers: Record<string, string> =
      fault.status === 429 ? { 'retry-after': String(fault.retryAfterSeconds ?? 1) } : {};
    sendText(response, fault.status, 'fault', headers);
    return;
  }
  const ticket = workspace.tickets.spend(token, workspace.time.now());
  const outcome = typeof ticket === 'string' ? { status: 404, error: ticket } : tryRespond(workspace, ticket, body);
  workspace.calls.add(
    {
      at: workspace.time.now(),
      method: 'response_url',
      args: parsed(body) ?? {},
      status: outcome.status,
      ok: outcome.status === 200,
      ...(outcome.error === undefined ? {} : { error: outcome.error }),
    },
    workspace.settings.keepCalls,
  );
  if (outcome.error === undefined) sendText(response, 200, 'ok');
  else sendJson(response, outcome.status, { ok: false, error: outcome.error });
}

function tryRespond(
  workspace: Workspace,
  ticket: Parameters<typeof respond>[1],
  body: Buffer,
): { readonly status: number; readonly error?: string } {
  const message = parsed(body);
  if (message === undefined) return { status: 400, error: 'invalid_payload' };
  try {
    respond(workspace, ticket, message);
    return { status: 200 };
  } catch (error) {
    if (error instanceof ApiError) return { status: 400, error: error.code };
    throw error;
  }
}

function parsed(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function firstPart(body: Buffer, boundary: string): Buffer {
  const start = body.indexOf('\r\n\r\n');
  const end = body.indexOf(`\r\n--${boundary}`, start);
  return start < 0 || end < 0 ? body : body.subarray(start + 4, end);
}
