import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signatureOf } from '../../../src/bridges/out/webhook.ts';
import { now } from './api-server.ts';
import { ALERTS_CHANNEL } from './bot.ts';
import { startScript } from './child-line.ts';

/** What arrived first about each Deployment: number → epoch ms. */
export type Arrivals = ReadonlyMap<number, number>;

const DEPLOYMENT = /service-(\d+)/;

/** A webhook's other end: checks the signature and notes when each Deployment was told of first. */
export interface Recorder {
  readonly url: string;
  readonly secret: string;
  arrivals(): Arrivals;
  clear(): void;
  stop(): Promise<void>;
}

export async function startRecorder(): Promise<Recorder> {
  const secret = 'bench-signing-secret';
  const found = new Map<number, number>();
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const at = now();
      const body = Buffer.concat(pieces).toString('utf8');
      const stamp = String(request.headers['x-shipmate-timestamp']);
      const isSigned = request.headers['x-shipmate-signature'] === signatureOf(secret, stamp, body);
      response.writeHead(isSigned ? 204 : 403).end();
      const { subject = '', type = '' } = JSON.parse(body) as { subject?: string; type?: string };
      const set = Number(DEPLOYMENT.exec(subject)?.[1]);
      if (isSigned && type.endsWith('.firing') && !found.has(set)) found.set(set, at);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    secret,
    arrivals: () => found,
    clear: () => found.clear(),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export interface SlackMessage {
  readonly ts: string;
  readonly text: string;
  /** Everything that can be read on it, as JSON. */
  readonly whole: string;
  readonly replies: number;
  /** A reply in a thread that is shown in the channel, too. */
  readonly isBroadcast: boolean;
}

/** The practice Slack in a process of its own; a message's `ts` is when it was accepted. */
export interface MeasuredSlack {
  readonly apiUrl: string;
  /** Since a moment, oldest first, without replies. */
  messages(sinceMs: number): Promise<readonly SlackMessage[]>;
  /** The replies of a thread, as JSON. */
  thread(ts: string): Promise<string>;
  /** Slack's limit of about one post per second and channel, or none. */
  limit(isOn: boolean): Promise<void>;
  stop(): void;
}

export async function startSlack(): Promise<MeasuredSlack> {
  const { child, line } = await startScript(new URL('slack-process.ts', import.meta.url).pathname);
  const { apiUrl, controlUrl } = JSON.parse(line) as { apiUrl: string; controlUrl: string };
  const call = async (method: string, args: Record<string, string>): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-practice-harbour' },
      body: new URLSearchParams(args),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  return {
    apiUrl,
    async messages(sinceMs) {
      const found: Record<string, unknown>[] = [];
      let cursor = '';
      do {
        const oldest = (sinceMs / 1_000).toFixed(6);
        const args = { channel: ALERTS_CHANNEL, limit: '900', oldest, include_all_metadata: 'true' };
        const answer = await call('conversations.history', cursor === '' ? args : { ...args, cursor });
        if (answer.ok !== true) throw new Error(JSON.stringify(answer));
        found.push(...(answer.messages as Record<string, unknown>[]));
        cursor = (answer.response_metadata as { next_cursor?: string } | undefined)?.next_cursor ?? '';
      } while (cursor !== '');
      return found.reverse().map((message) => ({
        ...{ ts: String(message.ts), text: String(message.text), whole: JSON.stringify(message) },
        ...{ replies: Number(message.reply_count ?? 0), isBroadcast: message.subtype === 'thread_broadcast' },
      }));
    },
    async thread(ts) {
      const answer = await call('conversations.replies', { channel: ALERTS_CHANNEL, ts, limit: '1000' });
      return JSON.stringify(answer.messages);
    },
    async limit(isOn) {
      await fetch(`${controlUrl}/settings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ postLimit: isOn ? { burst: 4, perSecond: 1 } : false, keepCalls: 0 }),
      });
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** When the first message about each Deployment was accepted. */
export function arrivalsIn(messages: readonly SlackMessage[]): Arrivals {
  const found = new Map<number, number>();
  for (const { ts, text } of messages) {
    const set = Number(DEPLOYMENT.exec(text)?.[1]);
    if (!found.has(set)) found.set(set, Number(ts) * 1_000);
  }
  return found;
}
