import { readFileSync } from 'node:fs';
import { App } from '@slack/bolt';
import { loadConfig } from '../../src/config.ts';
import { connectClusters } from '../../src/kubernetes/connect.ts';
import { createLogger } from '../../src/log.ts';

/**
 * The baseline: what somebody would write in an afternoon. Acknowledges at once; for `/k8s` makes the same API call and answers inline.
 * Run as a process of its own, with the bot's environment.
 */
const config = loadConfig(process.env, (path) => readFileSync(path, 'utf8'));
const cluster = connectClusters(config.file.clusters, {}, createLogger('silent')).get();
const app = new App({
  token: config.env.SLACK_BOT_TOKEN,
  appToken: config.env.SLACK_APP_TOKEN ?? '',
  socketMode: true,
  clientOptions: { slackApiUrl: config.env.SLACK_API_URL },
  installerOptions: { clientOptions: { slackApiUrl: config.env.SLACK_API_URL } },
});

interface ServerTable {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
}

app.command('/k8s', async ({ ack, respond, command }) => {
  await ack();
  if (command.text === 'help') return;
  const table = await cluster.request<ServerTable & { metadata: object }>({
    resource: { group: '', version: 'v1', plural: 'pods', namespaced: true },
    namespace: 'shop',
    query: { limit: '500' },
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  });
  const shown = table.columnDefinitions
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => column.priority === 0);
  const lines = [
    shown.map(({ column }) => column.name.toUpperCase()),
    ...table.rows.map((row) => shown.map(({ index }) => String(row.cells[index]))),
  ];
  const text = lines.map((cells) => cells.map((cell) => cell.padEnd(28)).join(' ')).join('\n');
  await respond({
    text: `${table.rows.length} pods`,
    blocks: [
      { type: 'section', text: { type: 'plain_text', text: `${table.rows.length} pods` } },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: text.slice(0, 3_000) }] }],
      },
    ],
  });
});

await app.start();
process.stdout.write('ready\n');
