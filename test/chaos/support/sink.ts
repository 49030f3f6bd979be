import { createServer, type ServerResponse } from 'node:http';
import { delay } from '../../../src/time.ts';

/** What a webhook was told: one CloudEvent. */
export interface Told {
  readonly at: number;
  readonly id: string;
  /** `dev.shipmate.incident.firing`. */
  readonly type: string;
  readonly data: {
    readonly dedupKey: string;
    readonly status: string;
    readonly rules: readonly string[];
    readonly object: string;
  };
  /** What the sink answered; `hung` for nothing. */
  readonly answer: number | 'hung';
}

/** The other end of a bridge, which does as the test says. */
export interface Sink {
  readonly url: string;
  /** Everything that arrived, taken or not. */
  readonly told: readonly Told[];
  /** What it answers from now on; `hung`: nothing, until told otherwise. @param afterMs how long it takes to answer. */
  answers(answer: number | 'hung' | ((event: Omit<Told, 'answer'>) => number), afterMs?: number): void;
  stop(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const told: Told[] = [];
  const hanging = new Set<ServerResponse>();
  let answer: Parameters<Sink['answers']>[0] = 202;
  let waitMs = 0;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = JSON.parse(Buffer.concat(pieces).toString('utf8'));
    const event = { at: Date.now(), id: body.id, type: body.type, data: body.data };
    const given = typeof answer === 'function' ? answer(event) : answer;
    told.push({ ...event, answer: given });
    if (given === 'hung') {
      hanging.add(response);
      return;
    }
    await delay(waitMs);
    response.writeHead(given).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`,
    told,
    answers(next, afterMs = 0) {
      answer = next;
      waitMs = afterMs;
      for (const response of hanging) response.destroy();
      hanging.clear();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
