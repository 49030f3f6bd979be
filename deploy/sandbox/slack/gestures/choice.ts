import { plainText } from '../text/plain.ts';
import { type Fields, isFields } from '../validate/checks.ts';
import type { Workspace } from '../workspace.ts';
import { GestureError } from './refusal.ts';

type Given = string | readonly string[] | undefined;
type Chosen = Readonly<Record<string, unknown>>;

const SINGLE_ID: Readonly<Record<string, string>> = {
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
};
const MANY_IDS: Readonly<Record<string, string>> = {
  multi_users_select: 'selected_users',
  multi_channels_select: 'selected_channels',
  multi_conversations_select: 'selected_conversations',
};
const ONE_OPTION = new Set(['static_select', 'external_select', 'radio_buttons', 'overflow']);
const MANY_OPTIONS = new Set(['multi_static_select', 'multi_external_select', 'checkboxes']);

/** What stands in an element after a person chose or typed `given`, in the form of `actions[]` and `state.values`. */
export function chosenIn(workspace: Workspace, element: Fields, given: Given): Chosen {
  const type = String(element.type);
  if (ONE_OPTION.has(type))
    return { selected_option: first(given) === undefined ? null : option(workspace, element, first(given) as string) };
  if (MANY_OPTIONS.has(type)) return { selected_options: many(given).map((one) => option(workspace, element, one)) };
  const single = SINGLE_ID[type];
  if (single !== undefined) return { [single]: idOf(workspace, type, first(given)) ?? null };
  const several = MANY_IDS[type];
  if (several !== undefined) return { [several]: many(given).map((one) => idOf(workspace, type, one)) };
  if (type === 'datetimepicker')
    return { selected_date_time: first(given) === undefined ? null : Number(first(given)) };
  if (type === 'rich_text_input') return { rich_text_value: richText(first(given)) };
  return { value: first(given) ?? null };
}

/** What stands in an element before anybody touches it. */
export function initialIn(element: Fields): Chosen {
  const type = String(element.type);
  if (ONE_OPTION.has(type)) return { selected_option: element.initial_option ?? null };
  if (MANY_OPTIONS.has(type)) return { selected_options: element.initial_options ?? [] };
  const name = SINGLE_ID[type] ?? MANY_IDS[type];
  if (name !== undefined) {
    const isMany = MANY_IDS[type] !== undefined;
    return { [name]: element[name.replace('selected_', 'initial_')] ?? (isMany ? [] : null) };
  }
  if (type === 'datetimepicker') return { selected_date_time: element.initial_date_time ?? null };
  if (type === 'rich_text_input') return { rich_text_value: element.initial_value ?? null };
  return { value: element.initial_value ?? null };
}

/** Whether nothing stands there. */
export function isBlank(chosen: Chosen): boolean {
  return Object.values(chosen).every(
    (value) => value === null || value === '' || (Array.isArray(value) && value.length === 0),
  );
}

function option(workspace: Workspace, element: Fields, wanted: string): Fields {
  const groups = list(element.option_groups).flatMap((group) => list(group.options));
  const options = [...list(element.options), ...groups];
  const found = options.find((one) => one.value === wanted || plainText(one.text, workspace.names) === wanted);
  if (found !== undefined) return found;
  // External options are known to the app only.
  if (options.length === 0) return { text: { type: 'plain_text', text: wanted, emoji: true }, value: wanted };
  const offered = options.map((one) => plainText(one.text, workspace.names)).join(', ');
  throw new GestureError(404, 'no_such_option', `There is no option "${wanted}". There are: ${offered}.`);
}

function idOf(workspace: Workspace, type: string, given: string | undefined): string | undefined {
  if (given === undefined || given === '') return undefined;
  if (type.includes('users')) return workspace.people.find(given)?.id ?? given;
  if (type === 'datepicker' || type === 'timepicker') return given;
  return (
    workspace.channels.all().find((one) => one.id === given || `#${one.name}` === given || one.name === given)?.id ??
    given
  );
}

function richText(given: string | undefined): unknown {
  if (given === undefined || given === '') return null;
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: given }] }] };
}

function first(given: Given): string | undefined {
  return typeof given === 'string' ? given : given?.[0];
}

function many(given: Given): readonly string[] {
  if (given === undefined) return [];
  return typeof given === 'string' ? [given] : given;
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}
