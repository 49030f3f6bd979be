import { randomUUID } from 'node:crypto';
import type { TypeAnswer, TypeRequest } from '../protocol.ts';
import { say, slackbotSays } from '../say.ts';
import type { Channel } from '../store/channels.ts';
import { randomText } from '../store/ids.ts';
import type { Person } from '../store/people.ts';
import { escapeText, mrkdwnOf, piecesOf, richTextOf } from '../text/typed.ts';
import type { Workspace } from '../workspace.ts';
import { writableChannel } from './people.ts';
import { GestureError } from './refusal.ts';
import { answerCommand } from './respond.ts';

const TEXT_LIMIT = 12_000;

/** A person types into a channel, a thread or a direct message and presses return. */
export async function typeText(workspace: Workspace, person: Person, request: TypeRequest): Promise<TypeAnswer> {
  const channel = writableChannel(workspace, person, request.channel);
  if (request.text.trim() === '') throw new GestureError(400, 'no_text', 'There is nothing to send.');
  if (request.text.length > TEXT_LIMIT)
    throw new GestureError(400, 'msg_too_long', `A message has at most ${TEXT_LIMIT} characters.`);
  if (request.text.startsWith('/')) return runCommand(workspace, person, channel, request);

  const parentTs = parentOf(workspace, channel, request.thread_ts);
  const pieces = piecesOf(request.text, workspace);
  const message = say(workspace, channel, {
    user: person.id,
    team: person.teamId,
    clientMsgId: randomUUID(),
    text: mrkdwnOf(pieces),
    blocks: [{ type: 'rich_text', block_id: randomText(5), elements: richTextOf(pieces) }],
    parentTs,
  });
  return { ok: true, kind: 'message', channel: channel.id, ts: message.ts };
}

/** A person changes what they wrote. */
export function editedContent(workspace: Workspace, person: Person, text: string) {
  const pieces = piecesOf(text, workspace);
  return {
    text: mrkdwnOf(pieces),
    blocks: [{ type: 'rich_text', block_id: randomText(5), elements: richTextOf(pieces) }],
    edited: { user: person.id, ts: workspace.time.nextTs() },
  };
}

async function runCommand(
  workspace: Workspace,
  person: Person,
  channel: Channel,
  request: TypeRequest,
): Promise<TypeAnswer> {
  const [, word = '', text = ''] = /^(\S+)(?:\s([\s\S]*))?$/.exec(request.text) ?? [];
  const command = workspace.commands.get(word);
  const tell = (sentence: string): void => slackbotSays(workspace, person.id, channel.id, sentence, request.thread_ts);
  if (command === undefined || person.isStranger) {
    const sentence = `${word} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands.`;
    tell(sentence);
    throw new GestureError(404, 'no_such_command', sentence);
  }
  if (request.thread_ts !== undefined) {
    const sentence = `${word} is not supported in threads. Sorry!`;
    tell(sentence);
    throw new GestureError(403, 'not_supported_in_threads', sentence);
  }
  const now = workspace.time.now();
  const trigger = workspace.tickets.newTrigger(person.id, now);
  const ticket = workspace.tickets.newResponse({ person: person.id, channel: channel.id, madeAt: now });
  const outcome = await workspace.delivery.request('slash_commands', {
    token: 'practice',
    team_id: workspace.world.team.id,
    team_domain: workspace.world.team.domain,
    channel_id: channel.id,
    channel_name: commandChannelName(channel),
    user_id: person.id,
    user_name: person.name,
    command: word,
    text: command.shouldEscape === true ? mrkdwnOf(piecesOf(text, workspace), true) : escapeText(text),
    api_app_id: workspace.world.app.id,
    is_enterprise_install: 'false',
    response_url: `${workspace.baseUrl}/response/${ticket.token}`,
    trigger_id: trigger.id,
  });
  if (outcome.failure !== undefined) tell(`${word} failed with the error "${outcome.failure}"`);
  else answerCommand(workspace, ticket, outcome.body, word);
  const { body: _body, ...delivery } = outcome;
  return { ok: true, kind: 'command', channel: channel.id, ...delivery, triggerId: trigger.id };
}

function commandChannelName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'private' ? 'privategroup' : channel.name;
}

function parentOf(workspace: Workspace, channel: Channel, ts: string | undefined): string | undefined {
  if (ts === undefined) return undefined;
  const message = workspace.messages.get(channel.id, ts);
  if (message === undefined) throw new GestureError(404, 'no_such_message', `There is no message ${ts} to reply to.`);
  return message.parentTs ?? message.ts;
}
