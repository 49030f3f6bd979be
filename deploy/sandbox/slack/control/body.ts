import { GestureError } from '../gestures/refusal.ts';
import type { CallFault, FaultRequest, SettingsRequest } from '../protocol.ts';
import { isFields } from '../validate/checks.ts';

/** Names a record of every key of `T`, so that a new field of the protocol cannot be forgotten here. */
type Keys<T> = Readonly<Record<keyof Required<T>, true>>;

const FAULT: Keys<FaultRequest> = {
  calls: true,
  sockets: true,
  tokens: true,
  deactivate: true,
  reactivate: true,
  removeScope: true,
  addScope: true,
  archive: true,
  unarchive: true,
  extShare: true,
  kickBot: true,
  inviteBot: true,
  duplicateHttpNext: true,
};
const SOCKETS: Keys<NonNullable<FaultRequest['sockets']>> = {
  open: true,
  refresh: true,
  drop: true,
  appRateLimited: true,
  duplicateNext: true,
  mute: true,
};
const CALL: Keys<CallFault> = {
  method: true,
  status: true,
  retryAfterSeconds: true,
  error: true,
  hangMs: true,
  dropAfter: true,
  statusAfter: true,
  count: true,
  channel: true,
};
const SETTINGS: Keys<SettingsRequest> = {
  postLimit: true,
  eventsUrl: true,
  commandsUrl: true,
  interactivityUrl: true,
  ackTimeoutMs: true,
  keepCalls: true,
  slashCommands: true,
};

/** @throws GestureError when a field is unknown: a fault with a typo would break nothing and prove nothing. */
export function faultRequest(body: Record<string, unknown>): FaultRequest {
  refuseUnknown(body, FAULT, 'faults');
  if (isFields(body.sockets)) refuseUnknown(body.sockets, SOCKETS, 'faults.sockets');
  const calls = body.calls ?? [];
  if (!Array.isArray(calls)) throw new GestureError(400, 'invalid_field', 'faults.calls must be a list.');
  for (const call of calls) {
    if (!isFields(call) || typeof call.method !== 'string') {
      throw new GestureError(
        400,
        'missing_field',
        'Each of faults.calls needs a method, such as "chat.postMessage" or "*".',
      );
    }
    refuseUnknown(call, CALL, 'faults.calls');
  }
  return body as FaultRequest;
}

export function settingsRequest(body: Record<string, unknown>): SettingsRequest {
  refuseUnknown(body, SETTINGS, 'settings');
  return body as SettingsRequest;
}

function refuseUnknown(
  body: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, true>>,
  where: string,
): void {
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const names = Object.keys(known).join(', ');
  throw new GestureError(400, 'unknown_field', `${where} has no field "${unknown}". Known: ${names}.`);
}
