import { parseArgs } from 'node:util';
import { startPracticeSlack } from './server.ts';
import { smallWorld } from './small-world.ts';

/**
 * The practice Slack alone, for looking at it or pointing an app at it:
 * `node deploy/sandbox/slack/main.ts --port 8900`. The whole sandbox is `npm run sandbox`.
 */
const { values } = parseArgs({ options: { port: { type: 'string', default: '8900' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`--port must be 0 to 65535, not "${values.port}".`);
const slack = await startPracticeSlack({ seed: smallWorld(), port }).catch((error: NodeJS.ErrnoException) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `Port ${port} is taken. Use another with --port, or --port 0 for a free one.`
      : error.message,
  ),
);
const { app } = slack.world;
process.stdout.write(
  [
    `Page          ${slack.url}/?as=ada`,
    `SLACK_API_URL ${slack.apiUrl}`,
    `Control       ${slack.controlUrl}/state`,
    `Tokens        SLACK_BOT_TOKEN=${app.botToken} SLACK_APP_TOKEN=${app.appToken} SLACK_SIGNING_SECRET=${app.signingSecret}`,
    '',
  ].join('\n'),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void slack.stop().then(() => process.exit(0)));
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
