import { request } from 'node:https';
import type { Identity } from './certificates.ts';

/** One HTTPS call to a server of ours. Without `ca` its certificate is not checked: for health pages that sign their own. */
export interface HttpsCall {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly ca?: string;
  readonly identity?: Identity;
  /** Default 5 s. */
  readonly deadlineMs?: number;
}

/** Resolves with whatever status came; rejects when none did. */
export function callHttps(url: string, call: HttpsCall = {}): Promise<{ status: number; body: string }> {
  const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: call.method ?? 'GET',
        agent: false,
        signal: AbortSignal.timeout(call.deadlineMs ?? 5_000),
        ...(call.ca === undefined ? { rejectUnauthorized: false } : { ca: call.ca }),
        ...(call.identity ? { cert: call.identity.certificate, key: call.identity.key } : {}),
        headers: payload === undefined ? {} : { 'content-type': 'application/json' },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(payload);
  });
}
