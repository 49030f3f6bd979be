import type { View } from './store/views.ts';
import type { Workspace } from './workspace.ts';

/** The `view` object of the Web API and of interaction payloads. */
export function viewObject(workspace: Workspace, view: View): Record<string, unknown> {
  const { definition } = view;
  const teamId = workspace.world.team.id;
  return {
    id: view.id,
    team_id: teamId,
    type: definition.type,
    blocks: definition.blocks,
    private_metadata: definition.private_metadata ?? '',
    callback_id: definition.callback_id ?? '',
    state: { values: stateValues(view) },
    hash: view.hash,
    title: definition.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: definition.clear_on_close ?? false,
    notify_on_close: definition.notify_on_close ?? false,
    close: definition.close ?? null,
    submit: definition.submit ?? null,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: workspace.world.app.id,
    external_id: definition.external_id ?? '',
    app_installed_team_id: teamId,
    bot_id: workspace.botId,
  };
}

/** `state.values`: block_id → action_id → what stands there. */
export function stateValues(view: View): Record<string, Record<string, unknown>> {
  return Object.fromEntries([...view.state].map(([blockId, actions]) => [blockId, Object.fromEntries(actions)]));
}
