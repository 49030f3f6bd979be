import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { PageEvent } from '../../../../deploy/sandbox/slack/protocol.ts';
import { startTestSlack, type TestSlack } from '../../../support/practice-slack.ts';
import { apiCall } from '../../../support/practice-slack-app.ts';

let slack: TestSlack;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'practice-slack-'));
  await mkdir(join(folder, 'page/js'), { recursive: true });
  await writeFile(join(folder, 'page/index.html'), '<!doctype html><title>practice</title>');
  await writeFile(join(folder, 'page/js/main.js'), 'export {};');
  await writeFile(join(folder, 'page/.hidden.js'), 'secret');
  await writeFile(join(folder, 'outside.js'), 'secret');
  slack = await startTestSlack({ pageDir: join(folder, 'page') });
});
afterAll(async () => {
  await slack.stop();
  await rm(folder, { recursive: true });
});

/** Paths as they are: `fetch` would tidy them up. */
const statusOf = (path: string, headers: Record<string, string> = {}): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${slack.url}`, { path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

test('the page and its files are served with their types', async () => {
  expect((await fetch(slack.url)).headers.get('content-type')).toContain('text/html');
  expect((await fetch(`${slack.url}/page/js/main.js`)).headers.get('content-type')).toContain('text/javascript');
});

test.each([
  '/page/../outside.js',
  '/page/%2e%2e/outside.js',
  '/page/..%2foutside.js',
  '/page/.hidden.js',
  '/page/none.js',
  '/etc/passwd',
])('%s is not served', async (path) => {
  expect(await statusOf(path)).toBe(404);
});

test('pages of other sites may not act here', async () => {
  const headers = { origin: 'http://evil.example' };
  const response = await fetch(`${slack.controlUrl}/as/ada/type`, {
    method: 'POST',
    headers,
    body: '{"channel":"ops","text":"hi"}',
  });

  expect(response.status).toBe(403);
  expect(await slack.person('ada').sawOnly('ops')).toEqual([]);
});

test('a name of their own that leads here does not help them', async () => {
  expect(await statusOf('/control/state', { host: 'evil.example' })).toBe(403);
  expect(await statusOf('/control/state', { host: 'localhost:8900' })).toBe(200);
});

test('an address that cannot be read is told so', async () => {
  expect(await statusOf('/page/%')).toBe(400);
  expect(await statusOf('//')).toBe(400);
});

test('a person\u2019s page hears what that person may see, and nothing else', async () => {
  const heard: Record<string, PageEvent[]> = { ada: [], eve: [] };
  const links = Object.keys(heard).map((name) => {
    const link = new WebSocket(`${slack.controlUrl.replace('http', 'ws')}/as/${name}/events`);
    link.on('message', (data: Buffer) => heard[name]?.push(JSON.parse(data.toString('utf8'))));
    return link;
  });
  await expect.poll(() => Object.values(heard).map((events) => events[0]?.type)).toEqual(['hello', 'hello']);

  const { botToken } = slack.world.app;
  const posted = await apiCall(slack, 'chat.postMessage', { channel: 'C0APPROVALS', text: 'please approve' }, botToken);
  await apiCall(slack, 'chat.postEphemeral', { channel: 'C0OPS', user: 'U0EVE', text: 'for eve' }, botToken);
  await apiCall(slack, 'chat.update', { channel: 'C0APPROVALS', ts: posted.ts, text: 'approved' }, botToken);
  await apiCall(slack, 'chat.delete', { channel: 'C0APPROVALS', ts: posted.ts }, botToken);

  await expect
    .poll(() => heard.ada?.map((event) => event.type))
    .toEqual(['hello', 'message', 'message_changed', 'message_deleted']);
  await expect.poll(() => heard.eve?.map((event) => event.type)).toEqual(['hello', 'ephemeral']);
  for (const link of links) link.terminate();
});

test('an uploaded file is shared into a channel and opened with the token or by the page', async () => {
  const { botToken } = slack.world.app;
  const text = 'NAME  READY\nweb   1/1\n';
  const { upload_url: url, file_id: id } = await apiCall(
    slack,
    'files.getUploadURLExternal',
    { filename: 'pods.txt', length: text.length },
    botToken,
  );
  await fetch(String(url), { method: 'POST', body: text });
  const done = await apiCall(
    slack,
    'files.completeUploadExternal',
    { files: [{ id, title: 'Pods' }], channel_id: 'C0OPS', initial_comment: 'all pods' },
    botToken,
  );
  const [file] = done.files as { url_private: string }[];

  const message = await slack.person('ada').sees('ops', '[file: pods.txt]');

  expect(message).toMatchObject({ text: 'all pods', files: [{ name: 'pods.txt', title: 'Pods', preview: text }] });
  expect(await (await fetch(`${slack.url}${message.files[0]?.url_private}`)).text()).toBe(text);
  expect((await fetch(String(file?.url_private))).status).toBe(404);
  const response = await fetch(String(file?.url_private), { headers: { authorization: `Bearer ${botToken}` } });
  expect(await response.text()).toBe(text);
});
