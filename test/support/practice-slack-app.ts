import { WebSocket } from 'ws';
import type { TestSlack } from './practice-slack.ts';

type Json = Record<string, unknown>;

export interface ReceivedEnvelope {
  readonly envelopeId: string;
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: Json;
  readonly retryAttempt: number | undefined;
  /** Which of this app's connections it came by. */
  readonly connection: number;
}

/** What an app answers with its acknowledgement; `silent` acknowledges nothing. */
type Answer = Json | 'silent' | undefined;

/** A bare app on Socket Mode: as little as can be between a test and the protocol. */
export interface BareApp {
  readonly received: readonly ReceivedEnvelope[];
  /** Frames that are no envelopes: `hello`, `disconnect`. */
  readonly frames: readonly Json[];
  /** Calls a Web API method with the bot token. */
  call(method: string, args?: Json, token?: string): Promise<Json & { ok: boolean }>;
  stop(): void;
}

/** @param answer what to acknowledge each envelope with; default an empty acknowledgement. */
export async function startBareApp(
  slack: TestSlack,
  options: {
    readonly connections?: number;
    readonly answer?: (envelope: ReceivedEnvelope) => Answer | Promise<Answer>;
  } = {},
): Promise<BareApp> {
  const received: ReceivedEnvelope[] = [];
  const frames: Json[] = [];
  const sockets: WebSocket[] = [];
  const call: BareApp['call'] = (method, args = {}, token = slack.world.app.botToken) =>
    apiCall(slack, method, args, token);
  for (let connection = 0; connection < (options.connections ?? 1); connection += 1) {
    const { url } = await call('apps.connections.open', {}, slack.world.app.appToken);
    const socket = new WebSocket(String(url));
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString('utf8')) as Json;
        if (frame.envelope_id === undefined) {
          frames.push(frame);
          if (frame.type === 'hello') resolve();
          return;
        }
        const envelope = envelopeOf(frame, connection);
        received.push(envelope);
        void acknowledge(socket, envelope, options.answer);
      });
    });
  }
  return {
    received,
    frames,
    call,
    stop: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

/** One Web API call, as JSON. */
export async function apiCall(
  slack: TestSlack,
  method: string,
  args: Json,
  token?: string,
): Promise<Json & { ok: boolean }> {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(args),
  });
  return (await response.json()) as Json & { ok: boolean };
}

function envelopeOf(frame: Json, connection: number): ReceivedEnvelope {
  return {
    envelopeId: String(frame.envelope_id),
    type: frame.type as ReceivedEnvelope['type'],
    payload: frame.payload as Json,
    retryAttempt: frame.retry_attempt as number | undefined,
    connection,
  };
}

async function acknowledge(
  socket: WebSocket,
  envelope: ReceivedEnvelope,
  answer: ((envelope: ReceivedEnvelope) => Answer | Promise<Answer>) | undefined,
): Promise<void> {
  const payload = await answer?.(envelope);
  if (payload === 'silent' || socket.readyState !== socket.OPEN) return;
  socket.send(JSON.stringify({ envelope_id: envelope.envelopeId, ...(payload === undefined ? {} : { payload }) }));
}
