import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBody } from '../../../../deploy/sandbox/slack/http/exchange.ts';
import { smallWorld } from '../../../../deploy/sandbox/slack/small-world.ts';
import { startTestSlack, type TestSlack } from '../../../support/practice-slack.ts';

interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let slack: TestSlack;
let server: Server;
let requests: Request[];
/** Statuses to answer with, in turn; then 200. */
let statuses: number[];
let headers: Record<string, string>;

beforeEach(async () => {
  requests = [];
  statuses = [];
  headers = {};
  server = createServer(async (request, response) => {
    requests.push({ headers: request.headers, body: (await readBody(request)).toString('utf8') });
    response.writeHead(statuses.shift() ?? 200, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  slack = await startTestSlack({ world: { app: { ...smallWorld().app, eventsUrl: url, commandsUrl: url } } });
});
afterEach(async () => {
  await slack.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const mentions = () => requests.filter((request) => request.body.includes('"app_mention"'));

test('requests are signed with the app\u2019s secret and the time', async () => {
  await slack.person('ada').types('/k8s get pods', { channel: 'ops' });

  const [request] = requests as [Request];
  const timestamp = String(request.headers['x-slack-request-timestamp']);
  const digest = createHmac('sha256', slack.world.app.signingSecret)
    .update(`v0:${timestamp}:${request.body}`)
    .digest('hex');
  expect(request.headers['x-slack-signature']).toBe(`v0=${digest}`);
  expect(Object.fromEntries(new URLSearchParams(request.body))).toMatchObject({ command: '/k8s', text: 'get pods' });
});

test('an event answered with 500 comes again with the number and the reason', async () => {
  statuses = [500, 500, 200, 500];
  await slack.person('ada').types('@Shipmate hello', { channel: '#ops' });

  await expect.poll(() => mentions().length).toBeGreaterThanOrEqual(2);
  const again = mentions().find((request) => request.headers['x-slack-retry-num'] === '1');
  expect(again?.headers['x-slack-retry-reason']).toBe('http_error');
});

test('x-slack-no-retry stops the repetition', async () => {
  statuses = [500, 500];
  headers = { 'x-slack-no-retry': '1' };
  await slack.person('ada').types('@Shipmate hello', { channel: 'ops' });
  await expect.poll(() => mentions().length).toBe(1);

  headers = {};
  await slack.advance(600_000);
  await slack.person('ada').types('/k8s get pods', { channel: 'ops' });

  expect(mentions()).toHaveLength(1);
});

test('a delivery can be made to come twice', async () => {
  await slack.breaks({ duplicateHttpNext: 1 });
  await slack.person('ada').types('/k8s get pods', { channel: 'ops' });

  await expect.poll(() => requests.length).toBe(2);
  expect(requests[0]?.body).toBe(requests[1]?.body);
});

test('a refused command tells the person dispatch_failed', async () => {
  statuses = [404];
  await slack.person('ada').types('/k8s get pods', { channel: 'ops' });

  await slack.person('ada').sees('ops', 'dispatch_failed');
});
