import { request } from 'undici';
import type { Delivery } from '../alert.ts';

const DEADLINE_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export interface Posting {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly signal: AbortSignal;
  readonly now: number;
  /** Reads the other side's id of it from its answer. */
  reference?(answer: unknown): string | undefined;
}

/**
 * Sends one body and judges the answer. 2xx is taken; 408, 425, 429 and 5xx are tried again (honouring `Retry-After`), and so is every
 * failure of the network; any other status is refused for good. Redirects are not followed: a key must not travel on. Never throws.
 */
export async function post(posting: Posting): Promise<Delivery> {
  try {
    const answer = await request(posting.url, {
      method: 'POST',
      headers: {
        'content-type': posting.contentType ?? 'application/json',
        'user-agent': 'shipmate',
        ...posting.headers,
      },
      body: posting.body,
      signal: AbortSignal.any([posting.signal, AbortSignal.timeout(DEADLINE_MS)]),
    });
    const text = await readSome(answer.body);
    const { statusCode } = answer;
    if (statusCode >= 200 && statusCode < 300) return { ok: true, reference: posting.reference?.(jsonOf(text)) };
    const retryAfterMs = retryAfter(answer.headers['retry-after'], posting.now);
    return {
      ok: false,
      permanent: !(statusCode >= 500 || [408, 425, 429].includes(statusCode)),
      error: `answered ${statusCode}${text === '' ? '' : `: ${oneLine(text)}`}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  } catch (error) {
    return { ok: false, permanent: false, error: networkWords(error) };
  }
}

async function readSome(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size <= MAX_ANSWER_BYTES) pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date; at most an hour is believed. */
export function retryAfter(header: string | string[] | undefined, now: number): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 3_600_000) : undefined;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199).toWellFormed()}…` : line;
}

function networkWords(error: unknown): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return `did not answer within ${DEADLINE_MS / 1_000} s`;
  return code ?? message;
}
