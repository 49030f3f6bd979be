import type { Block } from '../protocol.ts';
import type { View } from '../store/views.ts';
import { type Fields, isFields } from '../validate/checks.ts';
import type { Workspace } from '../workspace.ts';
import { chosenIn, initialIn, isBlank } from './choice.ts';
import { inputBlocks } from './elements.ts';
import { GestureError } from './refusal.ts';

type Values = Readonly<Record<string, string | readonly string[]>>;

/**
 * Puts what a person entered into the view's state, by `action_id` or `block_id`.
 * @returns errors by block_id that Slack's client shows without asking the app.
 */
export function fillIn(workspace: Workspace, view: View, values: Values): Record<string, string> | undefined {
  const errors: Record<string, string> = {};
  const inputs = inputBlocks(view.definition.blocks);
  refuseUnknown(inputs, values);
  for (const block of inputs) {
    const element = isFields(block.element) ? block.element : {};
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    const given = values[actionId] ?? values[blockId];
    const kept = view.state.get(blockId)?.get(actionId);
    const chosen = given === undefined ? (kept ?? initialIn(element)) : chosenIn(workspace, element, given);
    const { type: _type, ...fields } = chosen;
    view.state.set(blockId, new Map([[actionId, { type: String(element.type), ...fields }]]));
    const error = fieldError(block, element, fields);
    if (error !== undefined) errors[blockId] = error;
  }
  return Object.keys(errors).length === 0 ? undefined : errors;
}

function refuseUnknown(inputs: readonly Block[], values: Values): void {
  const known = inputs.flatMap((block) => [
    String(block.block_id),
    String((block.element as Fields | undefined)?.action_id),
  ]);
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const fields = inputs.map((block) => (block.element as Fields).action_id).join(', ');
  throw new GestureError(404, 'no_such_field', `There is no field "${unknown}". There are: ${fields || 'none'}.`);
}

function fieldError(block: Block, element: Fields, chosen: Readonly<Record<string, unknown>>): string | undefined {
  if (isBlank(chosen)) return block.optional === true ? undefined : 'Please complete this required field.';
  const { value } = chosen;
  if (typeof value !== 'string') return undefined;
  if (typeof element.min_length === 'number' && value.length < element.min_length) {
    return `Please enter at least ${element.min_length} characters.`;
  }
  const max = typeof element.max_length === 'number' ? element.max_length : 3_000;
  if (value.length > max) return `Please enter at most ${max} characters.`;
  if (element.type === 'email_text_input' && !/^\S+@\S+\.\S+$/.test(value))
    return 'Please enter a valid email address.';
  if (element.type === 'url_text_input' && !/^https?:\/\/\S+$/.test(value)) return 'Please enter a valid URL.';
  if (element.type === 'number_input') return numberError(element, value);
  return undefined;
}

function numberError(element: Fields, value: string): string | undefined {
  const number = Number(value);
  if (!Number.isFinite(number)) return 'Please enter a valid number.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (element.min_value !== undefined && number < Number(element.min_value))
    return `Please enter ${String(element.min_value)} or more.`;
  if (element.max_value !== undefined && number > Number(element.max_value))
    return `Please enter ${String(element.max_value)} or less.`;
  return undefined;
}
