import {
  anything,
  bool,
  type Check,
  type Fields,
  integer,
  list,
  matching,
  object,
  oneOf,
  type Report,
  text,
  url,
} from './checks.ts';
import {
  anyText,
  boxOption,
  confirm,
  conversationFilter,
  dispatchConfig,
  optionGroup,
  overflowOption,
  plainText,
  selectOption,
  slackFile,
} from './objects.ts';
import { richTextBlock } from './rich-text.ts';

/** Block Kit's elements. Each check is also the list of fields that Slack knows for it. */
const id = text(255);
const acting = { type: anything, 'action_id?': id, 'confirm?': confirm };
const focusing = { ...acting, 'focus_on_load?': bool };
const choosing = { ...focusing, 'placeholder?': plainText(150) };
const typing = {
  type: anything,
  'action_id?': id,
  'placeholder?': plainText(150),
  'focus_on_load?': bool,
  'dispatch_action_config?': dispatchConfig,
};
const maxItems = { 'max_selected_items?': integer(1, 100) };
const date = matching(/^\d{4}-\d{2}-\d{2}$/, 'must be a date in the form YYYY-MM-DD');
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time in the form HH:mm');

const button = object({
  ...acting,
  text: plainText(75),
  'value?': text(2_000),
  'url?': url(3_000),
  'style?': oneOf('primary', 'danger'),
  'accessibility_label?': text(75),
});

const staticFields = {
  'options?': list(selectOption, { min: 1, max: 100 }),
  'option_groups?': list(optionGroup, { min: 1, max: 100 }),
};

function optionsOrGroups(value: Fields, at: string, report: Report): void {
  if ((value.options === undefined) === (value.option_groups === undefined)) {
    report.add(at, 'must define either `options` or `option_groups`');
  }
}

export const imageElement: Check = object(
  {
    type: anything,
    alt_text: text(2_000, 1),
    'image_url?': url(3_000),
    'slack_file?': slackFile,
  },
  imageSource,
);

export function imageSource(value: Fields, at: string, report: Report): void {
  if ((value.image_url === undefined) === (value.slack_file === undefined)) {
    report.add(at, 'must define either `image_url` or `slack_file`');
  }
}

const idList = list(text(255, 1), { max: 100 });

const selects: Readonly<Record<string, Check>> = {
  static_select: object({ ...choosing, ...staticFields, 'initial_option?': selectOption }, optionsOrGroups),
  multi_static_select: object(
    { ...choosing, ...staticFields, ...maxItems, 'initial_options?': list(selectOption, { min: 1, max: 100 }) },
    optionsOrGroups,
  ),
  external_select: object({ ...choosing, 'initial_option?': selectOption, 'min_query_length?': integer(0, 100) }),
  multi_external_select: object({
    ...choosing,
    ...maxItems,
    'initial_options?': list(selectOption, { min: 1, max: 100 }),
    'min_query_length?': integer(0, 100),
  }),
  users_select: object({ ...choosing, 'initial_user?': id }),
  multi_users_select: object({ ...choosing, ...maxItems, 'initial_users?': idList }),
  channels_select: object({ ...choosing, 'initial_channel?': id, 'response_url_enabled?': bool }),
  multi_channels_select: object({ ...choosing, ...maxItems, 'initial_channels?': idList }),
  conversations_select: object({
    ...choosing,
    'initial_conversation?': id,
    'default_to_current_conversation?': bool,
    'response_url_enabled?': bool,
    'filter?': conversationFilter,
  }),
  multi_conversations_select: object({
    ...choosing,
    ...maxItems,
    'initial_conversations?': idList,
    'default_to_current_conversation?': bool,
    'filter?': conversationFilter,
  }),
};

const pickers: Readonly<Record<string, Check>> = {
  checkboxes: object({
    ...focusing,
    options: list(boxOption, { min: 1, max: 10 }),
    'initial_options?': list(boxOption, { min: 1, max: 10 }),
  }),
  radio_buttons: object({ ...focusing, options: list(boxOption, { min: 1, max: 10 }), 'initial_option?': boxOption }),
  datepicker: object({ ...choosing, 'initial_date?': date }),
  timepicker: object({ ...choosing, 'initial_time?': time, 'timezone?': text(100, 1) }),
  datetimepicker: object({ ...focusing, 'initial_date_time?': integer(1_000_000_000, 9_999_999_999) }),
};

const overflow = object({ ...acting, options: list(overflowOption, { min: 1, max: 5 }) });
const workflowButton = object({
  ...acting,
  text: plainText(75),
  workflow: anything,
  'style?': oneOf('primary', 'danger'),
  'accessibility_label?': text(75),
});
const richTextInput = object({
  ...typing,
  'initial_value?': richTextBlock,
  'min_lines?': integer(1, 100),
  'max_lines?': integer(1, 100),
});

export const actionsElements: Readonly<Record<string, Check>> = {
  button,
  overflow,
  workflow_button: workflowButton,
  rich_text_input: richTextInput,
  ...selects,
  ...pickers,
};

export const accessories: Readonly<Record<string, Check>> = {
  button,
  overflow,
  workflow_button: workflowButton,
  image: imageElement,
  ...selects,
  ...pickers,
};

export const inputElements: Readonly<Record<string, Check>> = {
  ...selects,
  ...pickers,
  plain_text_input: object({
    ...typing,
    'initial_value?': text(3_000),
    'multiline?': bool,
    'min_length?': integer(0, 3_000),
    'max_length?': integer(1, 3_000),
  }),
  email_text_input: object({ ...typing, 'initial_value?': text(3_000) }),
  url_text_input: object({ ...typing, 'initial_value?': text(3_000) }),
  number_input: object({
    ...typing,
    is_decimal_allowed: bool,
    'initial_value?': text(100),
    'min_value?': text(100),
    'max_value?': text(100),
  }),
  file_input: object({
    type: anything,
    'action_id?': id,
    'filetypes?': list(text(20, 1), { max: 100 }),
    'max_files?': integer(1, 10),
  }),
  rich_text_input: richTextInput,
};

const feedbackButton = object({ text: plainText(75), value: text(2_000), 'accessibility_label?': text(75) });

export const contextActionsElements: Readonly<Record<string, Check>> = {
  feedback_buttons: object({
    type: anything,
    'action_id?': id,
    positive_button: feedbackButton,
    negative_button: feedbackButton,
  }),
  icon_button: object({
    ...acting,
    icon: oneOf('trash'),
    text: plainText(75),
    'accessibility_label?': text(75),
    'value?': text(2_000),
    'visible_to_user_ids?': list(text(255, 1), { max: 100 }),
  }),
};

/** In a context block: pictures and texts. */
export const contextElements: Readonly<Record<string, Check>> = {
  image: imageElement,
  plain_text: anyText(3_000),
  mrkdwn: anyText(3_000),
};

export const buttonElement: Check = button;
