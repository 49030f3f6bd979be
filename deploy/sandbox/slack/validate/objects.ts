import { anything, bool, byType, type Check, list, object, oneOf, text, url } from './checks.ts';

/** Slack's composition objects, with the limits of its reference. */
export function plainText(max: number): Check {
  return byType({ plain_text: object({ type: anything, text: text(max, 1), 'emoji?': bool }) });
}

export function anyText(max: number): Check {
  return byType({
    plain_text: object({ type: anything, text: text(max, 1), 'emoji?': bool }),
    mrkdwn: mrkdwn(max),
  });
}

export function mrkdwn(max: number): Check {
  return object({ type: oneOf('mrkdwn'), text: text(max, 1), 'verbatim?': bool });
}

export const confirm: Check = object({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  'style?': oneOf('primary', 'danger'),
});

const optionFields = { value: text(75, 1), 'description?': plainText(75) };

export const selectOption: Check = object({ text: plainText(75), ...optionFields });
export const overflowOption: Check = object({ text: plainText(75), ...optionFields, 'url?': url(3_000) });
/** Checkboxes and radio buttons may use mrkdwn. */
export const boxOption: Check = object({ text: anyText(75), value: text(75, 1), 'description?': anyText(75) });

export const optionGroup: Check = object({
  label: plainText(75),
  options: list(selectOption, { min: 1, max: 100 }),
});

export const slackFile: Check = object({ 'id?': text(255, 1), 'url?': url(3_000) });

export const dispatchConfig: Check = object({
  'trigger_actions_on?': list(oneOf('on_enter_pressed', 'on_character_entered'), { min: 1, max: 2 }),
});

export const conversationFilter: Check = object({
  'include?': list(oneOf('im', 'mpim', 'private', 'public'), { min: 1, max: 4 }),
  'exclude_external_shared_channels?': bool,
  'exclude_bot_users?': bool,
});
