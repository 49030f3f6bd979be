import { ApiError } from '../methods/method.ts';
import { definitionOf } from '../methods/views.ts';
import type { CloseRequest, SubmitAnswer, SubmitRequest } from '../protocol.ts';
import { showClosed, showView } from '../show-views.ts';
import type { Person } from '../store/people.ts';
import { STACK_LIMIT, type View } from '../store/views.ts';
import { type Fields, isFields } from '../validate/checks.ts';
import { viewObject } from '../view-object.ts';
import type { Workspace } from '../workspace.ts';
import { viewOf } from './act.ts';
import { fillIn } from './fill-in.ts';
import { payloadBase } from './people.ts';

const TROUBLE = 'We had some trouble connecting. Try again?';

/** A person presses the submit button of a modal of theirs. What Slack's client checks itself never reaches the app. */
export async function submit(workspace: Workspace, person: Person, request: SubmitRequest): Promise<SubmitAnswer> {
  const view = viewOf(workspace, person, request.view_id);
  const errors = fillIn(workspace, view, request.values ?? {});
  view.trouble = undefined;
  view.errors = errors;
  if (errors !== undefined) {
    showView(workspace, view, 'view_updated');
    return { ok: true, closed: false, acknowledged: false, ackMs: 0, errors };
  }
  const trigger = workspace.tickets.newTrigger(person.id, workspace.time.now(), view.id);
  const outcome = await workspace.delivery.request('interactive', {
    type: 'view_submission',
    ...payloadBase(workspace, person),
    trigger_id: trigger.id,
    view: viewObject(workspace, view),
    response_urls: [],
  });
  const { body, ...delivery } = outcome;
  if (outcome.failure !== undefined) view.trouble = TROUBLE;
  else applyAnswer(workspace, view, isFields(body) ? body : {});
  const isOpen = workspace.views.stack(person.id).includes(view);
  if (isOpen) showView(workspace, view, 'view_updated');
  return {
    ok: true,
    closed: !isOpen,
    ...delivery,
    ...(view.errors === undefined ? {} : { errors: view.errors }),
    ...(view.trouble === undefined ? {} : { trouble: view.trouble }),
  };
}

/** The cross or the Cancel button. Apps hear of it only with `notify_on_close`. */
export function close(workspace: Workspace, person: Person, request: CloseRequest): void {
  const view = viewOf(workspace, person, request.view_id);
  const isAll = request.all === true || view.definition.clear_on_close === true;
  const closed = isAll ? workspace.views.clear(person.id) : [view];
  if (!isAll) workspace.views.close(view);
  for (const one of closed) {
    showClosed(workspace, one);
    if (one.definition.notify_on_close !== true) continue;
    void workspace.delivery.request('interactive', {
      type: 'view_closed',
      ...payloadBase(workspace, person),
      view: viewObject(workspace, one),
      is_cleared: isAll,
    });
  }
}

/** `response_action` of the acknowledgement. An answer that Slack does not understand leaves the modal open with its own sentence. */
function applyAnswer(workspace: Workspace, view: View, body: Fields): void {
  const now = workspace.time.now();
  try {
    switch (body.response_action) {
      case undefined:
        workspace.views.close(view);
        showClosed(workspace, view);
        return;
      case 'clear':
        for (const one of workspace.views.clear(view.owner)) showClosed(workspace, one);
        return;
      case 'errors':
        view.errors = errorsFor(view, body.errors);
        if (view.errors === undefined) view.trouble = TROUBLE;
        return;
      case 'update':
        workspace.views.replace(view, definitionOf(workspace, body.view, 'modal', view), now);
        return;
      case 'push': {
        const definition = definitionOf(workspace, body.view, 'modal');
        if (workspace.views.stack(view.owner).length >= STACK_LIMIT) throw new ApiError('push_limit_reached');
        showView(workspace, workspace.views.push(view.owner, definition, now), 'view_opened');
        return;
      }
      default:
        view.trouble = TROUBLE;
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    view.trouble = TROUBLE;
  }
}

/** Errors must name input blocks of this view; others make the whole answer invalid. */
function errorsFor(view: View, errors: unknown): Record<string, string> | undefined {
  if (!isFields(errors)) return undefined;
  const inputs = new Set(
    view.definition.blocks.filter((block) => block.type === 'input').map((block) => block.block_id),
  );
  const entries = Object.entries(errors).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (entries.length === 0 || entries.some(([blockId]) => !inputs.has(blockId))) return undefined;
  return Object.fromEntries(entries);
}
