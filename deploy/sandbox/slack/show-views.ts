import { seenView } from './seen.ts';
import type { View } from './store/views.ts';
import type { Workspace } from './workspace.ts';

export function showView(workspace: Workspace, view: View, type: 'view_opened' | 'view_updated' | 'home'): void {
  workspace.page.toPerson(view.owner, { type, view: seenView(workspace, view) });
}

export function showClosed(workspace: Workspace, view: View): void {
  workspace.page.toPerson(view.owner, { type: 'view_closed', view_id: view.id });
}
