import type { Channel } from '../store/channels.ts';
import { randomText, slackId } from '../store/ids.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Workspace } from '../workspace.ts';
import { messageObject } from './message-object.ts';

const MESSAGE_SCOPES = {
  channel: ['channels:history', 'message.channels', 'channel'],
  private: ['groups:history', 'message.groups', 'group'],
  im: ['im:history', 'message.im', 'im'],
  mpim: ['mpim:history', 'message.mpim', 'mpim'],
} as const;

/** A person or the bot said something: `message`, and `app_mention` where the bot is named. */
export function messageSaid(workspace: Workspace, channel: Channel, message: StoredMessage): void {
  const isMember = workspace.channels.isBotIn(channel);
  const [scope, subscription, channelType] = MESSAGE_SCOPES[channel.kind];
  const base = messageObject(workspace, message, { withMetadata: false });
  const event = { ...base, channel: channel.id, event_ts: message.ts };
  if (isMember && isSubscribed(workspace, subscription, scope)) {
    send(workspace, channel, { ...event, channel_type: channelType });
  }
  const isMention = message.user !== workspace.botUserId && message.text.includes(`<@${workspace.botUserId}>`);
  if (!isMention || channel.kind === 'im' || !isMember) return;
  if (isSubscribed(workspace, 'app_mention', 'app_mentions:read'))
    send(workspace, channel, { ...event, type: 'app_mention' });
}

/** An edited or deleted message, as the hidden `message` event with a subtype. */
export function messageAltered(
  workspace: Workspace,
  channel: Channel,
  change: {
    readonly subtype: 'message_changed' | 'message_deleted';
    readonly message: StoredMessage;
    readonly previous: Record<string, unknown>;
  },
): void {
  const [scope, subscription, channelType] = MESSAGE_SCOPES[channel.kind];
  if (!workspace.channels.isBotIn(channel) || !isSubscribed(workspace, subscription, scope)) return;
  const ts = workspace.time.nextTs();
  send(workspace, channel, {
    type: 'message',
    subtype: change.subtype,
    hidden: true,
    channel: channel.id,
    channel_type: channelType,
    ts,
    event_ts: ts,
    previous_message: change.previous,
    ...(change.subtype === 'message_changed'
      ? { message: messageObject(workspace, change.message, { withMetadata: true }) }
      : { deleted_ts: change.message.ts }),
  });
}

/** Any other event; `subscription` is its name in the app's settings. */
export function publishEvent(
  workspace: Workspace,
  event: Readonly<Record<string, unknown>>,
  needs: { readonly subscription: string; readonly scope?: string },
): void {
  if (isSubscribed(workspace, needs.subscription, needs.scope)) send(workspace, undefined, event);
}

function isSubscribed(workspace: Workspace, subscription: string, scope: string | undefined): boolean {
  const { events } = workspace.world.app;
  return (
    (scope === undefined || workspace.scopes.has(scope)) && (events === undefined || events.includes(subscription))
  );
}

function send(workspace: Workspace, channel: Channel | undefined, event: Readonly<Record<string, unknown>>): void {
  const teamId = workspace.world.team.id;
  workspace.delivery.event({
    token: 'practice',
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: workspace.world.app.id,
    event,
    type: 'event_callback',
    event_id: slackId('Ev'),
    event_time: Math.floor(workspace.time.now() / 1_000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: teamId,
        user_id: workspace.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: channel?.isExtShared ?? false,
    event_context: `4-${randomText(32)}`,
  });
}
