import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { NotFoundError, PermissionError, UnavailableError, UsageError } from '../../src/errors.ts';
import { Credentials, kubeConfigLoader } from '../../src/kubernetes/credentials.ts';
import { Transport } from '../../src/kubernetes/transport.ts';
import { json, kubeconfigText, PODS, type ScriptedServer, startScripted } from './scripted-server.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const web = { resource: PODS, namespace: 'shop', name: 'web' };

async function failing(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  more: object = {},
): Promise<Error> {
  server = await startScripted(answer);
  return server.cluster.request({ ...web, ...more }).then(
    () => new Error('It answered.'),
    (error: Error) => error,
  );
}

test('a request carries its token and asks for JSON', async () => {
  let headers: IncomingMessage['headers'] = {};
  server = await startScripted((request, response) => {
    headers = request.headers;
    json(response, { metadata: { name: 'web' } });
  });

  const pod = await server.cluster.request(web);

  expect(pod.metadata.name).toBe('web');
  expect(headers).toMatchObject({
    authorization: 'Bearer let-me-in',
    accept: 'application/json',
    'user-agent': 'shipmate',
  });
  expect(server.asked).toEqual(['GET /api/v1/namespaces/shop/pods/web']);
});

test('connections are kept between calls', async () => {
  const sockets = new Set<unknown>();
  server = await startScripted((request, response) => {
    sockets.add(request.socket);
    json(response, {});
  });

  for (let n = 0; n < 5; n += 1) await server.cluster.request(web);

  expect(sockets.size).toBeLessThanOrEqual(2);
});

test('a server that never answers is given up at the deadline', async () => {
  const error = await failing(() => undefined, { deadlineMs: 200 });

  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toBe('The API server of cluster demo did not answer within 0.2 s.');
});

test('a body that stops in the middle is given up at the deadline', async () => {
  const error = await failing((_, response) => void response.writeHead(200).write('{"metadata":'), { deadlineMs: 200 });

  expect(error.message).toBe('The API server of cluster demo did not answer within 0.2 s.');
});

test('the caller’s own reason to stop comes back as it is', async () => {
  const stop = new AbortController();
  const reason = new Error('shutting down');
  server = await startScripted(() => stop.abort(reason));

  await expect(server.cluster.request({ ...web, signal: stop.signal })).rejects.toBe(reason);
});

test('an answer too large is refused while it streams', async () => {
  server = await startScripted((_, response) => {
    const write = (): void => {
      if (!response.destroyed) response.write('x'.repeat(10_000), () => setImmediate(write));
    };
    response.writeHead(200);
    write();
  });
  const load = kubeConfigLoader('demo', { kubeconfig: server.kubeconfig, production: false }, undefined);
  const credentials = new Credentials('demo', load, () => 0);

  const reading = new Transport('demo', credentials, 1024 * 1024).json({ path: '/api' });

  await expect(reading).rejects.toThrow(UsageError);
  await expect(reading).rejects.toThrow('The answer is larger than 1 MiB.');
  await credentials.close();
});

test('something that is not JSON is said to be so', async () => {
  const error = await failing((_, response) => response.end('<html>Login</html>'));

  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toBe('Cluster demo answered with something that is not JSON.');
});

test('a redirect is not followed: credentials go to no other host', async () => {
  const error = await failing((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());

  expect(error).toBeInstanceOf(UnavailableError);
  expect(server?.asked).toHaveLength(1);
});

test('a read on a connection that just broke is sent once more, a change is not', async () => {
  let broken = 0;
  server = await startScripted((request, response) => {
    if (broken++ % 2 === 0) request.socket.destroy();
    else json(response, { metadata: {} });
  });

  await server.cluster.request(web);
  expect(server.asked).toHaveLength(2);
  await expect(server.cluster.request({ ...web, method: 'PUT', body: {} })).rejects.toThrow(UnavailableError);
  expect(server.asked).toHaveLength(3);
});

test('a refused token is read again from the kubeconfig, once', async () => {
  server = await startScripted((request, response) => {
    if (request.headers.authorization === 'Bearer fresh') json(response, { metadata: {} });
    else json(response, { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' }, 401);
  });

  await expect(server.cluster.request(web)).rejects.toThrow(PermissionError);
  expect(server.asked).toHaveLength(2);
  await writeFile(server.kubeconfig, kubeconfigText(server.url, 'fresh'));
  await server.cluster.request({ ...web, method: 'PUT', body: {} });
  expect(server.asked).toHaveLength(4);
});

test('a busy server is asked again for a read, and never for a change', async () => {
  const busy = {
    kind: 'Status',
    code: 429,
    reason: 'TooManyRequests',
    message: 'later',
    details: { retryAfterSeconds: 0 },
  };
  let refusals = 2;
  server = await startScripted((_, response) =>
    refusals-- > 0 ? json(response, busy, 429) : json(response, { metadata: {} }),
  );

  await server.cluster.request(web);
  expect(server.asked).toHaveLength(3);
  refusals = 1;
  await expect(server.cluster.request({ ...web, method: 'POST', body: {} })).rejects.toThrow('TooManyRequests');
  expect(server.asked).toHaveLength(4);
});

test('a credential plugin that hangs is given up at the deadline', async () => {
  server = await startScripted((_, response) => json(response, {}));
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', 'setTimeout(() => {}, 1_500)'],
  };
  const text = JSON.parse(kubeconfigText(server.url, ''));
  await writeFile(server.kubeconfig, JSON.stringify({ ...text, users: [{ name: 'me', user: { exec } }] }));
  const load = kubeConfigLoader('demo', { kubeconfig: server.kubeconfig, production: false }, undefined);
  const transport = new Transport('demo', new Credentials('demo', load, () => 0));

  await expect(transport.json({ path: '/api', deadlineMs: 200 })).rejects.toThrow('did not answer within 0.2 s');
  expect(server.asked).toEqual([]);
});

test('a credential plugin’s token is used', async () => {
  let seen: string | undefined;
  server = await startScripted((request, response) => {
    seen = request.headers.authorization;
    json(response, {});
  });
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: 'from-plugin' },
  };
  const exec = {
    apiVersion: credential.apiVersion,
    command: process.execPath,
    args: ['-p', `'${JSON.stringify(credential)}'`],
  };
  const text = JSON.parse(kubeconfigText(server.url, ''));
  await writeFile(server.kubeconfig, JSON.stringify({ ...text, users: [{ name: 'me', user: { exec } }] }));
  const load = kubeConfigLoader('demo', { kubeconfig: server.kubeconfig, production: false }, undefined);
  const credentials = new Credentials('demo', load, () => 0);

  await new Transport('demo', credentials).json({ path: '/api' });

  expect(seen).toBe('Bearer from-plugin');
  await credentials.close();
});

test('no error says the token, the address or a header', async () => {
  const error = (await failing((_, response) =>
    json(response, { kind: 'Status', code: 500, message: 'boom' }, 500),
  )) as UnavailableError;

  expect(JSON.stringify({ ...error, message: error.message, hint: error.hint })).not.toMatch(
    /let-me-in|127\.0\.0\.1|authorization/i,
  );
});

test('a plain 404 has the sentence of a path that is not served', async () => {
  const error = await failing((_, response) => response.writeHead(404).end('404 page not found'));

  expect(error).toBeInstanceOf(NotFoundError);
  expect(error.message).toBe('Error from server (NotFound): the server could not find the requested resource');
});
