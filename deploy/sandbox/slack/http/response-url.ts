import type { IncomingMessage, ServerResponse } from 'node:http';
import { respond } from '../gestures/respond.ts';
import { ApiError } from '../methods/method.ts';
import type { ResponseTicket } from '../store/tickets.ts';
import type { Workspace } from '../workspace.ts';
import { hang, sendJson, sendText } from './exchange.ts';

/** `POST /response/<token>`: what an app says by a `response_url`. Faults name it as the method `response_url`. */
export async function handleResponse(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
  call: { readonly token: string; readonly body: Buffer },
): Promise<void> {
  const fault = workspace.faults.take('response_url', undefined);
  if (fault?.hangMs !== undefined) await hang(fault.hangMs, response);
  if (fault?.status !== undefined) {
    const headers = { 'retry-after': String(fault.retryAfterSeconds ?? 1) };
    sendText(response, fault.status, 'fault', fault.status === 429 ? headers : {});
    return;
  }
  const message = parsed(call.body);
  const outcome = carryOut(workspace, call.token, message);
  workspace.calls.add(
    {
      at: workspace.time.now(),
      method: 'response_url',
      args: message ?? {},
      status: outcome.status,
      ok: outcome.status === 200,
      ...(outcome.error === undefined ? {} : { error: outcome.error }),
    },
    workspace.settings.keepCalls,
  );
  if (fault?.dropAfter === true) request.socket.destroy();
  else if (outcome.error === undefined) sendText(response, 200, 'ok');
  else sendJson(response, outcome.status, { ok: false, error: outcome.error });
}

function carryOut(
  workspace: Workspace,
  token: string,
  message: Record<string, unknown> | undefined,
): { readonly status: number; readonly error?: string } {
  const ticket: ResponseTicket | string = workspace.tickets.spend(token, workspace.time.now());
  if (typeof ticket === 'string') return { status: 404, error: ticket };
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
