import type { SettingsRequest } from '../protocol.ts';
import type { Workspace } from '../workspace.ts';

/** @returns the settings after the change; `verified` when an events address was set: whether the app echoed Slack's challenge. */
export async function applySettings(workspace: Workspace, request: SettingsRequest): Promise<Record<string, unknown>> {
  const { settings } = workspace;
  if (request.postLimit !== undefined) settings.postLimit = request.postLimit;
  if (request.ackTimeoutMs !== undefined) settings.ackTimeoutMs = request.ackTimeoutMs;
  if (request.keepCalls !== undefined) settings.keepCalls = request.keepCalls;
  for (const name of ['eventsUrl', 'commandsUrl', 'interactivityUrl'] as const) {
    const url = request[name];
    if (url !== undefined) settings[name] = url ?? undefined;
  }
  if (request.interactivityUrl === undefined && typeof request.commandsUrl === 'string') {
    settings.interactivityUrl = request.commandsUrl;
  }
  for (const command of request.slashCommands ?? []) workspace.commands.set(command.command, command);
  const verified =
    typeof request.eventsUrl === 'string'
      ? { verified: await workspace.delivery.verifyEventsUrl(request.eventsUrl) }
      : {};
  return { settings: { ...settings }, ...verified };
}
