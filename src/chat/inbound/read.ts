import { idOf } from '../../ids.ts';
import type { ButtonPress, Invocation, ModalSubmission, Person } from '../invocation.ts';
import { readChoice } from '../render/buttons.ts';
import { readValues } from '../render/view.ts';
import type { ActionsPayload, EventPayload, SlashPayload, SubmissionPayload } from './payloads.ts';

/**
 * Slack's payloads in our own words. Pure. Ids come from what Slack repeats in a redelivery and never reuses: the trigger of a gesture,
 * the message, the hash of a view.
 */
export function readCommand(payload: SlashPayload, receivedAt: number): Invocation {
  return {
    id: idOf(payload.team_id, payload.trigger_id),
    raw: payload.text ? `${payload.command} ${payload.text}` : payload.command,
    surface: 'slash',
    person: person(payload.user_id, payload.team_id, payload.enterprise_id),
    channel: payload.channel_id,
    responseUrl: payload.response_url,
    triggerId: payload.trigger_id,
    receivedAt,
  };
}

/**
 * A mention in a channel or thread, or a message in a direct conversation with us.
 * @returns undefined for everything else: other bots, our own words, edits, hidden and special messages, talk that is not for us.
 */
export function readMessage(payload: EventPayload, botUser: string, receivedAt: number): Invocation | undefined {
  const { event } = payload;
  if (event === undefined || event.user === undefined || event.channel === undefined || event.ts === undefined) return;
  if (event.bot_id || event.app_id || event.subtype || event.hidden || event.edited) return;
  if (event.user === botUser || event.user === 'USLACKBOT') return;
  const isDirect = event.channel_type === 'im' || event.channel.startsWith('D');
  // In channels a mention arrives twice, as `message` and as `app_mention`; in direct messages only `message` is sure to come.
  if (event.type !== (isDirect ? 'message' : 'app_mention')) return;
  const team = payload.team_id ?? payload.authorizations?.[0]?.team_id ?? event.team ?? '';
  return {
    id: idOf(team, event.channel, event.client_msg_id ?? event.ts),
    raw: withoutMention(event.text ?? '', botUser),
    surface: isDirect ? 'direct' : 'mention',
    person: person(
      event.user,
      event.user_team ?? event.team ?? team,
      payload.enterprise_id ?? payload.authorizations?.[0]?.enterprise_id ?? undefined,
    ),
    channel: event.channel,
    thread: isDirect ? event.thread_ts : (event.thread_ts ?? event.ts),
    receivedAt,
  };
}

export function readPress(payload: ActionsPayload, receivedAt: number): ButtonPress | undefined {
  const action = payload.actions?.[0];
  const { container } = payload;
  if (action === undefined) return undefined;
  const channel = container?.channel_id ?? payload.channel?.id ?? '';
  const ts = container?.message_ts ?? payload.message?.ts;
  return {
    id: idOf(
      payload.team?.id ?? '',
      payload.trigger_id ?? `${payload.user.id} ${action.action_ts ?? ''} ${action.value ?? ''}`,
    ),
    action: action.action_id,
    ...chosen(action),
    person: clicker(payload),
    channel,
    message: ts === undefined || channel === '' ? undefined : { channel, ts },
    ephemeral: container?.is_ephemeral ?? false,
    thread: container?.thread_ts ?? payload.message?.thread_ts,
    responseUrl: payload.response_url,
    triggerId: payload.trigger_id,
    receivedAt,
  };
}

type Action = NonNullable<ActionsPayload['actions']>[number];

function chosen({ value, selected_option: option }: Action): Pick<ButtonPress, 'value' | 'option'> {
  if (value !== undefined || !option) return { value: value ?? '' };
  return readChoice(option.value);
}

export function readSubmission(payload: SubmissionPayload, receivedAt: number): ModalSubmission {
  const { view } = payload;
  return {
    id: idOf(view.app_installed_team_id ?? payload.team?.id ?? '', view.id, view.hash),
    callback: view.callback_id,
    subject: view.private_metadata ?? '',
    values: readValues(view.state),
    person: clicker(payload),
    receivedAt,
  };
}

export function readHomeOpener(payload: EventPayload): Person | undefined {
  const { event } = payload;
  if (event?.type !== 'app_home_opened' || event.tab !== 'home' || event.user === undefined) return undefined;
  return person(event.user, payload.team_id ?? payload.authorizations?.[0]?.team_id ?? '', payload.enterprise_id);
}

/** In shared channels `team` is the app's; the clicker's own stands beside their id (java-slack-sdk#1041). */
function clicker(payload: ActionsPayload | SubmissionPayload): Person {
  const enterprise = payload.enterprise?.id ?? payload.team?.enterprise_id;
  return person(payload.user.id, payload.user.team_id ?? payload.team?.id ?? '', enterprise);
}

function person(user: string, team: string, enterprise: string | undefined): Person {
  return { ...(enterprise && { enterprise }), team, user };
}

/** What follows our mention, wherever in the sentence it stands. */
function withoutMention(text: string, botUser: string): string {
  const mention = new RegExp(`<@${botUser}(\\|[^>]*)?>`);
  const at = mention.exec(text);
  if (at === null) return text.trim();
  return text
    .slice(at.index + at[0].length)
    .replace(/^\s*[:,]?\s*/, '')
    .trimEnd();
}
