import { initialIn } from './gestures/choice.ts';
import { elementsIn } from './gestures/elements.ts';
import type { View } from './store/views.ts';
import type { Workspace } from './workspace.ts';

const HOLDS_NOTHING = new Set(['button', 'workflow_button', 'icon_button', 'feedback_buttons', 'overflow', 'image']);

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

/** `state.values`: block_id → action_id → what stands there, for every element that holds something. */
export function stateValues(view: View): Record<string, Record<string, unknown>> {
  const values: Record<string, Record<string, unknown>> = {};
  for (const { blockId, actionId, type, element } of elementsIn(view.definition.blocks)) {
    if (HOLDS_NOTHING.has(type)) continue;
    const entered = view.state.get(blockId)?.get(actionId);
    values[blockId] = { ...values[blockId], [actionId]: entered ?? { type, ...initialIn(element) } };
  }
  return values;
}
