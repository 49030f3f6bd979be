import type { IncomingMessage, ServerResponse } from 'node:http';

const BODY_LIMIT = 60 * 1024 * 1024;

/** @throws Error when the client sends more than 60 MB or goes away. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > BODY_LIMIT) throw new Error('The request is too large.');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}

export function sendBytes(
  response: ServerResponse,
  bytes: Buffer,
  contentType: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { 'content-type': contentType, 'content-length': String(bytes.length), ...headers });
  response.end(bytes);
}

/** Waits; ends early when the caller has gone. */
export function hang(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    }
    response.on('close', done);
  });
}
