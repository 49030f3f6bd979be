import { messageObject } from '../delivery/message-object.ts';
import type { ActionAnswer, ChooseRequest, ClickRequest, OptionsAnswer, OptionsRequest } from '../protocol.ts';
import { whisper } from '../say.ts';
import type { Channel } from '../store/channels.ts';
import type { Person } from '../store/people.ts';
import { SLACKBOT } from '../store/people.ts';
import type { View } from '../store/views.ts';
import { plainText } from '../text/plain.ts';
import { isFields } from '../validate/checks.ts';
import { viewObject } from '../view-object.ts';
import type { Workspace } from '../workspace.ts';
import { chosenIn } from './choice.ts';
import { confirmDialog, type FoundElement, findElement } from './elements.ts';
import { payloadBase, readableChannel } from './people.ts';
import { GestureError } from './refusal.ts';

/** Where the element sits: a message in a channel, or a view. */
interface Place {
  readonly blocks: readonly unknown[];
  readonly view?: View;
  readonly message?: {
    readonly channel: Channel;
    readonly ts: string;
    readonly threadTs?: string | undefined;
    readonly isEphemeral: boolean;
  };
}

const PRESSED = new Set(['button', 'workflow_button', 'icon_button', 'feedback_buttons']);

/** A person presses a button. */
export async function click(workspace: Workspace, person: Person, request: ClickRequest): Promise<ActionAnswer> {
  const place = placeOf(workspace, person, request);
  const found = findElement(workspace, place.blocks, request);
  if (!PRESSED.has(found.type)) {
    throw new GestureError(400, 'not_a_button', `${found.actionId} is a ${found.type}: use choose with a value.`);
  }
  askFirst(workspace, found, request);
  const { element } = found;
  const { confirm: _confirm, accessibility_label: _label, ...rest } = element;
  return dispatch(workspace, person, place, found, pressedFields(workspace, rest, request.label), undefined);
}

/** A person chooses in a select, an overflow menu, radio buttons, checkboxes or a picker. */
export async function choose(workspace: Workspace, person: Person, request: ChooseRequest): Promise<ActionAnswer> {
  const place = placeOf(workspace, person, request);
  const found = findElement(workspace, place.blocks, request);
  if (PRESSED.has(found.type)) throw new GestureError(400, 'not_a_select', `${found.actionId} is a button: use click.`);
  const chosen = chosenIn(workspace, found.element, request.value);
  askFirst(workspace, found, request);
  if (place.view !== undefined) remember(place.view, found, chosen);
  const { placeholder } = found.element;
  const fields = { type: found.type, ...chosen, ...(placeholder === undefined ? {} : { placeholder }) };
  return dispatch(workspace, person, place, found, fields, { type: found.type, ...chosen });
}

/** A person types into a select whose options the app provides. */
export async function suggest(workspace: Workspace, person: Person, request: OptionsRequest): Promise<OptionsAnswer> {
  const place = placeOf(workspace, person, request);
  const found = findElement(workspace, place.blocks, request);
  const outcome = await workspace.delivery.request('interactive', {
    type: 'block_suggestion',
    ...payloadBase(workspace, person),
    container: containerOf(place),
    action_id: found.actionId,
    block_id: found.blockId,
    value: request.query,
    ...surroundings(workspace, place),
  });
  const body = isFields(outcome.body) ? outcome.body : {};
  const options = Array.isArray(body.options) ? body.options.filter(isFields) : [];
  return {
    ok: true,
    options: options.map((one) => ({ text: plainText(one.text, workspace.names), value: String(one.value) })),
  };
}

function placeOf(workspace: Workspace, person: Person, request: ClickRequest): Place {
  if (request.view !== undefined) {
    const view = viewOf(workspace, person, request.view);
    return { blocks: view.definition.blocks, view };
  }
  const channel = readableChannel(workspace, person, request.channel);
  const ts = request.ts ?? '';
  const ephemeral = workspace.ephemerals.find(person.id, channel.id, ts);
  if (ephemeral !== undefined) {
    const message = { channel, ts, threadTs: ephemeral.threadTs, isEphemeral: true };
    return { blocks: allBlocks(ephemeral), message };
  }
  const message = workspace.messages.get(channel.id, ts);
  if (message === undefined)
    throw new GestureError(404, 'no_such_message', `${person.name} sees no message ${ts} there.`);
  if (!channel.members.has(person.id))
    throw new GestureError(403, 'not_in_channel', `${person.name} is not a member of #${channel.name}.`);
  return { blocks: allBlocks(message), message: { channel, ts, threadTs: message.parentTs, isEphemeral: false } };
}

/** A person's own view: by id, `home`, or `modal` for the topmost. */
export function viewOf(workspace: Workspace, person: Person, name: string | undefined): View {
  const stack = workspace.views.stack(person.id);
  const view =
    name === 'home'
      ? workspace.views.home(person.id)
      : name === undefined || name === 'modal'
        ? stack.at(-1)
        : [...stack, workspace.views.home(person.id)].find((one) => one?.id === name);
  if (view === undefined)
    throw new GestureError(404, 'no_such_view', `${person.name} has no view "${name ?? 'modal'}" open.`);
  return view;
}

function allBlocks(message: {
  readonly blocks?: readonly unknown[] | undefined;
  readonly attachments?: readonly Readonly<Record<string, unknown>>[] | undefined;
}): unknown[] {
  const attached = (message.attachments ?? []).flatMap((one) => (Array.isArray(one.blocks) ? one.blocks : []));
  return [...(message.blocks ?? []), ...attached];
}

function askFirst(workspace: Workspace, found: FoundElement, request: ClickRequest): void {
  const dialog = confirmDialog(workspace, found.element);
  if (dialog === undefined || request.confirmed === true) return;
  throw new GestureError(409, 'needs_confirmation', `${dialog.title}: ${dialog.text}`, dialog);
}

function pressedFields(
  workspace: Workspace,
  element: Readonly<Record<string, unknown>>,
  label: string | undefined,
): Record<string, unknown> {
  if (element.type !== 'feedback_buttons') return element;
  const buttons = [element.positive_button, element.negative_button].filter(isFields);
  const pressed = buttons.find((button) => plainText(button.text, workspace.names) === label) ?? buttons[0];
  return { type: element.type, action_id: element.action_id, text: pressed?.text, value: pressed?.value };
}

function remember(view: View, found: FoundElement, chosen: Readonly<Record<string, unknown>>): void {
  const actions = view.state.get(found.blockId) ?? new Map();
  actions.set(found.actionId, { type: found.type, ...chosen });
  view.state.set(found.blockId, actions);
}

async function dispatch(
  workspace: Workspace,
  person: Person,
  place: Place,
  found: FoundElement,
  fields: Readonly<Record<string, unknown>>,
  state: Readonly<Record<string, unknown>> | undefined,
): Promise<ActionAnswer> {
  const now = workspace.time.now();
  const trigger = workspace.tickets.newTrigger(
    person.id,
    now,
    place.view?.definition.type === 'modal' ? place.view.id : undefined,
  );
  const { actionId, blockId } = found;
  const action = { ...fields, action_id: actionId, block_id: blockId, action_ts: (now / 1_000).toFixed(6) };
  const outcome = await workspace.delivery.request('interactive', {
    type: 'block_actions',
    ...payloadBase(workspace, person),
    container: containerOf(place),
    trigger_id: trigger.id,
    ...surroundings(workspace, place),
    ...(place.message === undefined
      ? {}
      : { state: { values: state === undefined ? {} : { [blockId]: { [actionId]: state } } } }),
    ...responseUrl(workspace, person, place),
    actions: [action],
  });
  if (outcome.failure !== undefined) tellFailure(workspace, person, place);
  const { body: _body, ...delivery } = outcome;
  return { ok: true, actionId, blockId, ...delivery, triggerId: trigger.id };
}

function containerOf(place: Place): Record<string, unknown> {
  const { message, view } = place;
  if (message === undefined) return { type: 'view', view_id: view?.id };
  return {
    type: 'message',
    message_ts: message.ts,
    channel_id: message.channel.id,
    is_ephemeral: message.isEphemeral,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
  };
}

/** The channel and message, or the view. Ephemeral messages come without their content. */
function surroundings(workspace: Workspace, place: Place): Record<string, unknown> {
  const { message, view } = place;
  if (view !== undefined) return { view: viewObject(workspace, view) };
  if (message === undefined) return {};
  const stored = message.isEphemeral ? undefined : workspace.messages.get(message.channel.id, message.ts);
  const name =
    message.channel.kind === 'im'
      ? 'directmessage'
      : message.channel.kind === 'private'
        ? 'privategroup'
        : message.channel.name;
  return {
    channel: { id: message.channel.id, name },
    ...(stored === undefined ? {} : { message: messageObject(workspace, stored, { withMetadata: true }) }),
  };
}

function responseUrl(workspace: Workspace, person: Person, place: Place): Record<string, unknown> {
  const { message } = place;
  if (message === undefined) return {};
  const ticket = workspace.tickets.newResponse({
    person: person.id,
    channel: message.channel.id,
    threadTs: message.threadTs,
    madeAt: workspace.time.now(),
    original: { ts: message.ts, isEphemeral: message.isEphemeral },
  });
  return { response_url: `${workspace.baseUrl}/response/${ticket.token}` };
}

const NO_ANSWER = 'This app is not responding. Try again, or contact the app’s owner.';

/** In Slack a small warning appears beside the button. */
function tellFailure(workspace: Workspace, person: Person, place: Place): void {
  const { message, view } = place;
  if (message !== undefined) {
    whisper(workspace, {
      owner: person.id,
      channel: message.channel.id,
      threadTs: message.threadTs,
      user: SLACKBOT,
      text: NO_ANSWER,
    });
  }
  workspace.page.toPerson(person.id, {
    type: 'notice',
    ...(message === undefined ? {} : { channel: message.channel.id }),
    ...(view === undefined ? {} : { view_id: view.id }),
    text: NO_ANSWER,
  });
}
