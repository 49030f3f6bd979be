import { join } from 'node:path';
import { BOT_SCOPES, slackCommands } from '../../../deploy/generate/slack-manifest.ts';
import { startPracticeSlack } from '../../../deploy/sandbox/slack/server.ts';
import { companyWorld } from '../../../deploy/sandbox/story/company.ts';
import { loadCommands } from '../../../src/pipeline/registry.ts';

/** `node slack-process.ts`: the practice Slack in a process of its own, so that its work is not the bot's nor the driver's. */
const commands = slackCommands(await loadCommands(join(import.meta.dirname, '../../../commands')));
const slack = await startPracticeSlack({ seed: companyWorld(commands, Object.keys(BOT_SCOPES)) });
process.stdout.write(`${JSON.stringify({ apiUrl: slack.apiUrl, controlUrl: slack.controlUrl })}\n`);
