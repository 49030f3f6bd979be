import { showClosed, showView } from '../show-views.ts';
import type { Trigger } from '../store/tickets.ts';
import { STACK_LIMIT, type View, type ViewDefinition } from '../store/views.ts';
import { withIds } from '../validate/message.ts';
import { type ViewProblem, viewProblem } from '../validate/view.ts';
import { viewObject } from '../view-object.ts';
import type { Workspace } from '../workspace.ts';
import { ApiError, type Args, type Method, requiredText, schemaError, structArg, textArg } from './method.ts';

const open: Method = {
  token: 'bot',
  run(workspace, args) {
    const definition = definitionOf(workspace, structArg(args, 'view'), 'modal');
    const trigger = exchange(workspace, args);
    const { view, closed } = workspace.views.open(trigger.person, definition, workspace.time.now());
    for (const old of closed) showClosed(workspace, old);
    showView(workspace, view, 'view_opened');
    return { view: viewObject(workspace, view) };
  },
};

const push: Method = {
  token: 'bot',
  run(workspace, args) {
    const definition = definitionOf(workspace, structArg(args, 'view'), 'modal');
    const trigger = exchange(workspace, args);
    const stack = workspace.views.stack(trigger.person);
    if (trigger.viewId === undefined || !stack.some((view) => view.id === trigger.viewId))
      throw new ApiError('not_found');
    if (stack.length >= STACK_LIMIT) throw new ApiError('push_limit_reached');
    const view = workspace.views.push(trigger.person, definition, workspace.time.now());
    showView(workspace, view, 'view_opened');
    return { view: viewObject(workspace, view) };
  },
};

const update: Method = {
  token: 'bot',
  run(workspace, args) {
    const view = existing(workspace, args);
    const definition = definitionOf(workspace, structArg(args, 'view'), view.definition.type, view);
    checkHash(view, args);
    workspace.views.replace(view, definition, workspace.time.now());
    showView(workspace, view, view.definition.type === 'home' ? 'home' : 'view_updated');
    return { view: viewObject(workspace, view) };
  },
};

const publish: Method = {
  token: 'bot',
  run(workspace, args) {
    const person = workspace.people.find(requiredText(args, 'user_id'));
    const before = person === undefined ? undefined : workspace.views.home(person.id);
    const definition = definitionOf(workspace, structArg(args, 'view'), 'home', before);
    if (person === undefined || person.isDeactivated) throw new ApiError('user_not_found');
    if (before !== undefined) checkHash(before, args);
    const view = workspace.views.publish(person.id, definition, workspace.time.now());
    showView(workspace, view, 'home');
    return { view: viewObject(workspace, view) };
  },
};

/** @param self the view being replaced, which may keep its own `external_id`. */
export function definitionOf(workspace: Workspace, view: unknown, type: 'modal' | 'home', self?: View): ViewDefinition {
  const problem: ViewProblem | undefined = viewProblem(view, type);
  if (problem !== undefined) throw schemaError(problem.error, problem.problems);
  const definition = view as ViewDefinition;
  const { external_id: externalId } = definition;
  if (externalId !== undefined && externalId !== '') {
    const other = workspace.views.byExternalId(externalId);
    if (other !== undefined && other !== self) throw new ApiError('duplicate_external_id');
  }
  return { ...definition, blocks: withIds(definition.blocks) };
}

function exchange(workspace: Workspace, args: Args): Trigger {
  const trigger = workspace.tickets.exchange(requiredText(args, 'trigger_id'), workspace.time.now());
  if (typeof trigger === 'string') throw new ApiError(trigger);
  return trigger;
}

function existing(workspace: Workspace, args: Args): View {
  const viewId = textArg(args, 'view_id');
  const externalId = textArg(args, 'external_id');
  if (viewId === undefined && externalId === undefined) {
    throw schemaError('invalid_arguments', ['missing required field: view_id [json-pointer:/view_id]']);
  }
  const view = viewId === undefined ? workspace.views.byExternalId(externalId as string) : workspace.views.byId(viewId);
  if (view === undefined) throw new ApiError('not_found');
  return view;
}

function checkHash(view: View, args: Args): void {
  const hash = textArg(args, 'hash');
  if (hash !== undefined && hash !== '' && hash !== view.hash) throw new ApiError('hash_conflict');
}

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
