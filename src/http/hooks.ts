import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A way in for other systems: `POST <path>/<token>`. */
export interface Hook {
  /** `/hooks/alertmanager` or `/hooks`. */
  readonly path: '/hooks/alertmanager' | '/hooks';
  /** The secret last part of the URL. */
  readonly token: string;
  /**
   * Makes what was said durable, then returns. @throws BadRequest for a body that cannot be understood; anything else means "not now".
   */
  take(body: unknown): Promise<{ readonly accepted: number; readonly skipped: readonly string[] }>;
}

/** Told to the sender with status 400: sending the same again cannot help. */
export class BadRequest extends Error {}

/**
 * Registers the hooks. Answers: 202 once what was said is durable; 400 with what is wrong where (Alertmanager does not repeat those);
 * 404 for a token that is not known, the same for every path; 503 with `Retry-After` when it could not be made durable.
 */
export function serveHooks(server: FastifyInstance, hooks: readonly Hook[]): void {
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, formOf(body as string)),
  );
  for (const path of ['/hooks/alertmanager', '/hooks'] as const) {
    server.post(`${path}/:token`, { bodyLimit: BODY_LIMIT }, (request, reply) => answer(request, reply, hooks, path));
  }
}

/** A group of thousands of alerts comes as one body, and what is refused as too long would never be sent again. */
const BODY_LIMIT = 8 * 1024 * 1024;

/** The fields of a form, or the JSON that `curl -d` calls one unless told otherwise. */
function formOf(body: string): unknown {
  if (body.trimStart().startsWith('{')) {
    try {
      return JSON.parse(body);
    } catch {
      // A field may be called so.
    }
  }
  return Object.fromEntries(new URLSearchParams(body));
}

/** GoAlert's senders may put fields into the query; what the body says wins. */
function bodyOf(request: FastifyRequest, path: Hook['path']): unknown {
  const { body, query } = request;
  if (path !== '/hooks' || Object.keys(query as object).length === 0) return body;
  if (body === undefined || body === null) return query;
  return typeof body === 'object' && !Array.isArray(body) ? { ...(query as object), ...body } : body;
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  hooks: readonly Hook[],
  path: Hook['path'],
): Promise<FastifyReply> {
  const { token } = request.params as { token: string };
  const hook = hooks.filter((each) => each.path === path && isSame(each.token, token))[0];
  if (!hook) return await reply.code(404).send({ error: 'There is no such hook.' });
  try {
    return await reply.code(202).send(await hook.take(bodyOf(request, path)));
  } catch (error) {
    if (error instanceof BadRequest) return await reply.code(400).send({ error: error.message });
    return await reply
      .code(503)
      .header('retry-after', '10')
      .send({ error: 'It could not be recorded now; send it again.' });
  }
}

/** Takes the same time wherever they differ. */
function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
