import type { ServerResponse } from 'node:http';
import { publishEvent } from '../delivery/events.ts';
import { GestureError } from '../gestures/refusal.ts';
import { sendJson } from '../http/exchange.ts';
import type { UserGroupSeed } from '../protocol.ts';
import { stateAnswer } from '../seen.ts';
import { userGroupObject } from '../store/groups.ts';
import type { Workspace } from '../workspace.ts';
import { applyFaults, clearFaults } from './apply-faults.ts';
import { applySettings } from './apply-settings.ts';
import { gesture, look } from './as-person.ts';
import { faultRequest, settingsRequest } from './body.ts';

export interface ControlCall {
  readonly httpMethod: string;
  /** Below `/control/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** `/control/…`: what `protocol.ts` describes. */
export async function handleControl(workspace: Workspace, response: ServerResponse, call: ControlCall): Promise<void> {
  try {
    const answer = await route(workspace, call);
    sendJson(
      response,
      200,
      typeof answer === 'object' && answer !== null && 'ok' in answer ? answer : { ok: true, ...(answer as object) },
    );
  } catch (error) {
    if (!(error instanceof GestureError)) throw error;
    const confirm = error.dialog === undefined ? {} : { confirm: error.dialog };
    sendJson(response, error.status, { ok: false, error: error.code, message: error.message, ...confirm });
  }
}

async function route(workspace: Workspace, call: ControlCall): Promise<unknown> {
  const [area = '', name = '', word = ''] = call.path.split('/').map(decodeURIComponent);
  const isPost = call.httpMethod === 'POST';
  if (area === 'as') {
    return isPost ? gesture(workspace, name, word, bodyOf(call)) : look(workspace, name, word, call.query);
  }
  switch (`${call.httpMethod} ${area}`) {
    case 'GET state':
      return stateAnswer(workspace);
    case 'POST faults':
      applyFaults(workspace, faultRequest(bodyOf(call)));
      return { faults: workspace.faults.active() };
    case 'GET faults':
      return { faults: workspace.faults.active() };
    case 'DELETE faults':
      clearFaults(workspace);
      return {};
    case 'GET calls':
      return { calls: workspace.calls.all() };
    case 'DELETE calls':
      workspace.calls.clear();
      return {};
    case 'POST clock':
      workspace.time.advance(Number(bodyOf(call).advanceMs ?? 0));
      return { now: workspace.time.now() };
    case 'POST usergroups':
      return changeGroup(workspace, bodyOf(call) as Partial<UserGroupSeed>);
    case 'POST settings':
      return applySettings(workspace, settingsRequest(bodyOf(call)));
    default:
      throw new GestureError(404, 'no_such_path', `There is no ${call.httpMethod} /control/${call.path}.`);
  }
}

function changeGroup(workspace: Workspace, change: Partial<UserGroupSeed>): unknown {
  const before = workspace.groups.get(change.id ?? '');
  const { id, handle = before?.handle, name = before?.name ?? handle, users = before?.users ?? [] } = change;
  if (id === undefined || handle === undefined || name === undefined) {
    throw new GestureError(400, 'missing_field', 'A new user group needs id and handle.');
  }
  const group = workspace.groups.put(
    { id, handle, name, users, isDisabled: change.isDisabled ?? false },
    workspace.time.now(),
  );
  const subteam = userGroupObject(group, workspace.world.team.id, true);
  const type = before === undefined ? 'subteam_created' : 'subteam_updated';
  publishEvent(
    workspace,
    { type, subteam, event_ts: workspace.time.nextTs() },
    { subscription: type, scope: 'usergroups:read' },
  );
  if (before !== undefined) tellMembers(workspace, id, before.users, users);
  return {};
}

function tellMembers(workspace: Workspace, id: string, before: readonly string[], after: readonly string[]): void {
  const added = after.filter((user) => !before.includes(user));
  const removed = before.filter((user) => !after.includes(user));
  const event = {
    type: 'subteam_members_changed',
    subteam_id: id,
    team_id: workspace.world.team.id,
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
    event_ts: workspace.time.nextTs(),
  };
  publishEvent(workspace, event, { subscription: event.type, scope: 'usergroups:read' });
}

function bodyOf(call: ControlCall): Record<string, unknown> {
  if (call.body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(call.body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through to the one answer for everything that is no JSON object.
  }
  throw new GestureError(400, 'invalid_json', 'The body is not a JSON object.');
}
