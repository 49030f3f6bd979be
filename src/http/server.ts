import Fastify, { type FastifyInstance } from 'fastify';
import { type Hook, serveHooks } from './hooks.ts';

export interface Probe {
  readonly system: string;
  readonly ok: boolean;
  readonly detail: string;
  /** False for systems whose absence does not make this replica unready (a cluster that a team operates). */
  readonly required: boolean;
}

export interface HttpDeps {
  probes(): Promise<readonly Probe[]>;
  metrics(): Promise<{ contentType: string; body: string }>;
  /** Ways in for other systems. */
  readonly hooks?: readonly Hook[];
}

/**
 * `/healthz` (the process is alive), `/readyz` (each system with its state; 503 when a required one is away), `/metrics`, `/hooks/…`.
 * @param port 0 for a free one. @returns the port in use.
 */
export async function startHttp(port: number, deps: HttpDeps): Promise<{ port: number; stop(): Promise<void> }> {
  const server: FastifyInstance = Fastify({ logger: false, bodyLimit: 1_048_576, forceCloseConnections: true });
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const systems = await deps.probes();
    const ready = systems.every((probe) => probe.ok || !probe.required);
    return reply.code(ready ? 200 : 503).send({ ready, systems });
  });
  server.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await deps.metrics();
    return reply.header('content-type', contentType).send(body);
  });
  serveHooks(server, deps.hooks ?? []);
  await server.listen({ port, host: '0.0.0.0' });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop: () => server.close(),
  };
}
