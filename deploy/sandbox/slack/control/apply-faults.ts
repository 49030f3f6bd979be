import { GestureError } from '../gestures/refusal.ts';
import type { FaultRequest } from '../protocol.ts';
import { say, showChannel } from '../say.ts';
import type { Channel } from '../store/channels.ts';
import { personState } from '../store/people.ts';
import type { Workspace } from '../workspace.ts';

/** Breaks (or repairs) what the request names. */
export function applyFaults(workspace: Workspace, request: FaultRequest): void {
  for (const call of request.calls ?? []) workspace.faults.add(call);
  if (request.tokens !== undefined) workspace.faults.tokenError = request.tokens === 'ok' ? undefined : request.tokens;
  if (request.duplicateHttpNext !== undefined) workspace.faults.duplicateHttp += request.duplicateHttpNext;
  if (request.sockets !== undefined) breakSockets(workspace, request.sockets);
  if (request.removeScope !== undefined) workspace.scopes.delete(request.removeScope);
  if (request.addScope !== undefined) workspace.scopes.add(request.addScope);
  setActive(workspace, request.deactivate, true);
  setActive(workspace, request.reactivate, false);
  changeChannel(workspace, request.archive, (channel) => {
    channel.isArchived = true;
  });
  changeChannel(workspace, request.unarchive, (channel) => {
    channel.isArchived = false;
  });
  changeChannel(workspace, request.extShare, (channel) => {
    channel.isExtShared = true;
  });
  changeChannel(workspace, request.kickBot, (channel) => channel.members.delete(workspace.botUserId));
  changeChannel(workspace, request.inviteBot, (channel) => {
    channel.members.add(workspace.botUserId);
    const text = `<@${workspace.botUserId}> has joined the channel`;
    say(workspace, channel, { user: workspace.botUserId, botId: workspace.botId, text, subtype: 'channel_join' });
  });
}

export function clearFaults(workspace: Workspace): void {
  workspace.faults.clear();
  workspace.delivery.sockets.mute(false);
}

function breakSockets(workspace: Workspace, request: NonNullable<FaultRequest['sockets']>): void {
  const { sockets } = workspace.delivery;
  if (request.open !== undefined) {
    workspace.faults.remove('apps.connections.open');
    if (request.open === '503') workspace.faults.add({ method: 'apps.connections.open', status: 503 });
    if (request.open === 'hang') workspace.faults.add({ method: 'apps.connections.open', hangMs: 3_600_000 });
  }
  if (request.duplicateNext !== undefined) workspace.faults.duplicateEnvelopes += request.duplicateNext;
  if (request.mute !== undefined) sockets.mute(request.mute);
  if (request.appRateLimited === true) sockets.sendRaw(appRateLimited(workspace));
  if (request.refresh !== undefined) sockets.disconnect(request.refresh);
  if (request.drop !== undefined) sockets.drop(request.drop === 'all' ? sockets.count : request.drop);
}

function appRateLimited(workspace: Workspace): Record<string, unknown> {
  return {
    envelope_id: crypto.randomUUID(),
    type: 'events_api',
    accepts_response_payload: false,
    payload: {
      token: 'practice',
      type: 'app_rate_limited',
      team_id: workspace.world.team.id,
      minute_rate_limited: Math.floor(workspace.time.now() / 60_000) * 60,
      api_app_id: workspace.world.app.id,
    },
  };
}

function setActive(workspace: Workspace, name: string | undefined, isDeactivated: boolean): void {
  if (name === undefined) return;
  const person = workspace.people.find(name);
  if (person === undefined) throw new GestureError(404, 'no_such_person', `There is no person "${name}".`);
  person.isDeactivated = isDeactivated;
  workspace.page.toEveryone({ type: 'people_changed', people: workspace.people.all().map(personState) });
}

function changeChannel(workspace: Workspace, name: string | undefined, change: (channel: Channel) => unknown): void {
  if (name === undefined) return;
  const wanted = name.replace(/^#/, '');
  const channel = workspace.channels.all().find((one) => one.id === wanted || one.name === wanted);
  if (channel === undefined) throw new GestureError(404, 'no_such_channel', `There is no channel "${name}".`);
  change(channel);
  showChannel(workspace, channel);
}
