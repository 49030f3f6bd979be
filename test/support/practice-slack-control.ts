import type { Refusal } from '../../deploy/sandbox/slack/protocol.ts';

/** What the practice Slack would not let somebody do. */
export class Refused extends Error {
  readonly code: string;
  readonly refusal: Refusal;

  constructor(path: string, refusal: Refusal) {
    super(`${path}: ${refusal.error}: ${refusal.message}`);
    this.code = refusal.error;
    this.refusal = refusal;
  }
}

/** The control API of a practice Slack. Every method throws `Refused` when the answer is not ok. */
export class ControlClient {
  readonly url: string;

  /** @param url ends in `/control`. */
  constructor(url: string) {
    this.url = url;
  }

  get<T>(path: string): Promise<T> {
    return this.#call<T>('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('POST', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.#call<T>('DELETE', path);
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as { ok: boolean } & T;
    if (!answer.ok) throw new Refused(path, answer as unknown as Refusal);
    return answer;
  }
}
