import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** Slack: at most 10 connections per app, each envelope goes to one of them. */
const MAX_SOCKETS = 10;
const MAX_UNUSED = 100;
/** A client that takes no ping for 30 s gives the connection up. */
const PING_EVERY_MS = 5_000;
/** How long a connection that was asked to go may stay. */
const LINGER_MS = 10_000;

interface Link {
  readonly socket: WebSocket;
  /** Told to go: gets no more envelopes. */
  isLeaving: boolean;
}

export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: unknown;
  readonly acceptsResponse: boolean;
  readonly retryAttempt?: number;
  readonly retryReason?: string;
}

type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

/** The Socket Mode side: connections of the one app, and what it has not acknowledged yet. */
export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false });
  readonly #appId: string;
  readonly #changed: (count: number) => void;
  readonly #tickets = new Set<string>();
  readonly #links: Link[] = [];
  readonly #waiting = new Map<string, (body: unknown) => void>();
  #next = 0;
  #isMuted = false;

  constructor(appId: string, changed: (count: number) => void) {
    this.#appId = appId;
    this.#changed = changed;
  }

  get count(): number {
    return this.#links.length;
  }

  /** The address that `apps.connections.open` gives out; good for one connection. */
  newAddress(baseUrl: string): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    // Addresses that nobody used are forgotten, oldest first.
    const [oldest] = this.#tickets;
    if (this.#tickets.size > MAX_UNUSED && oldest !== undefined) this.#tickets.delete(oldest);
    return `${baseUrl.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${this.#appId}`;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, ticket: string): void {
    if (!this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (link) => this.#accept(link));
  }

  /** Half-open: connections stay, but nothing is sent or heard. */
  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
  }

  /**
   * Sends to one connection, in turn.
   * @returns whether there was one. `onAck` runs at most once, with the payload of the acknowledgement.
   */
  send(envelope: Envelope, onAck: (body: unknown) => void, copies = 1): { readonly isSent: boolean; forget(): void } {
    const ready = this.#links.filter((link) => !link.isLeaving && link.socket.readyState === link.socket.OPEN);
    if (ready.length === 0) return { isSent: false, forget: () => {} };
    const envelopeId = randomUUID();
    this.#waiting.set(envelopeId, onAck);
    for (let copy = 0; copy < copies; copy += 1) {
      this.#next = (this.#next + 1) % ready.length;
      if (!this.#isMuted) (ready[this.#next] as Link).socket.send(JSON.stringify(wire(envelope, envelopeId)));
    }
    return { isSent: true, forget: () => this.#waiting.delete(envelopeId) };
  }

  /** Sends any frame to one connection, such as an `app_rate_limited` envelope that nobody waits for. */
  sendRaw(frame: unknown): void {
    this.#links[0]?.socket.send(JSON.stringify(frame));
  }

  /** Says `disconnect`. With `warning` the connection goes on; with the others it takes nothing more and is closed soon. */
  disconnect(reason: DisconnectReason): void {
    for (const link of [...this.#links]) this.#sayGoodbye(link, reason);
  }

  /** Cuts TCP under the newest `count` connections, without a close frame. */
  drop(count: number): void {
    for (const link of this.#links.slice(-count)) link.socket.terminate();
  }

  stop(): void {
    for (const link of this.#links) link.socket.terminate();
    this.#server.close();
    this.#waiting.clear();
  }

  #accept(socket: WebSocket): void {
    const link: Link = { socket, isLeaving: false };
    if (this.#links.length >= MAX_SOCKETS) {
      this.#sayGoodbye(link, 'too_many_websockets');
      return;
    }
    this.#links.push(link);
    const pings = setInterval(() => {
      if (!this.#isMuted) socket.ping(`Ping from practice Slack`);
    }, PING_EVERY_MS);
    pings.unref();
    socket.on('ping', (data: Buffer) => {
      if (!this.#isMuted) socket.pong(data);
    });
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pings);
      const at = this.#links.indexOf(link);
      if (at >= 0) this.#links.splice(at, 1);
      this.#changed(this.#links.length);
    });
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#links.length,
        connection_info: { app_id: this.#appId },
        debug_info: { host: 'practice-slack', build_number: 1, approximate_connection_time: 18_060 },
      }),
    );
    this.#changed(this.#links.length);
  }

  #receive(data: Buffer): void {
    if (this.#isMuted) return;
    let frame: { envelope_id?: unknown; payload?: unknown };
    try {
      frame = JSON.parse(data.toString('utf8'));
    } catch {
      return; // Slack ignores what it cannot read.
    }
    const id = String(frame.envelope_id ?? '');
    const onAck = this.#waiting.get(id);
    this.#waiting.delete(id);
    onAck?.(frame.payload);
  }

  #sayGoodbye(link: Link, reason: DisconnectReason): void {
    link.socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'practice-slack' } }));
    if (reason === 'warning') return;
    link.isLeaving = true;
    setTimeout(() => link.socket.close(), LINGER_MS).unref();
  }
}

function wire(envelope: Envelope, envelopeId: string): Record<string, unknown> {
  return {
    envelope_id: envelopeId,
    type: envelope.type,
    payload: envelope.payload,
    accepts_response_payload: envelope.acceptsResponse,
    ...(envelope.retryAttempt === undefined
      ? {}
      : { retry_attempt: envelope.retryAttempt, retry_reason: envelope.retryReason ?? 'timeout' }),
  };
}
