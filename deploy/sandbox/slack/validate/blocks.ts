import {
  anything,
  bool,
  byType,
  type Check,
  type Fields,
  isFields,
  list,
  object,
  oneOf,
  type Report,
  refuseTwice,
  text,
  url,
} from './checks.ts';
import {
  accessories,
  actionsElements,
  buttonElement,
  contextActionsElements,
  contextElements,
  imageElement,
  imageSource,
  inputElements,
} from './elements.ts';
import { anyText, mrkdwn, plainText, slackFile } from './objects.ts';
import { richTextBlock } from './rich-text.ts';
import { dataTableBlock, tableBlock } from './tables.ts';

const base = { type: anything, 'block_id?': text(255) };

const section = object(
  {
    ...base,
    'text?': anyText(3_000),
    'fields?': list(anyText(2_000), { min: 1, max: 10 }),
    'accessory?': byType(accessories),
    'expand?': bool,
  },
  (value, at, report) => {
    if (value.text === undefined && value.fields === undefined) report.add(at, 'must define either `text` or `fields`');
  },
);

const actions = object({ ...base, elements: list(byType(actionsElements), { min: 1, max: 25 }) }, uniqueActions);
const context = object({ ...base, elements: list(byType(contextElements), { min: 1, max: 10 }) });
const contextActions = object(
  { ...base, elements: list(byType(contextActionsElements), { min: 1, max: 5 }) },
  uniqueActions,
);
const header = object({ ...base, text: plainText(150) });
const divider = object(base);
const image = object(
  { ...base, alt_text: text(2_000, 1), 'title?': plainText(2_000), 'image_url?': url(3_000), 'slack_file?': slackFile },
  imageSource,
);
const input = object({
  ...base,
  label: plainText(2_000),
  element: byType(inputElements),
  'hint?': plainText(2_000),
  'optional?': bool,
  'dispatch_action?': bool,
});
const file = object({ ...base, external_id: text(255, 1), source: oneOf('remote') });
const video = object({
  ...base,
  alt_text: text(2_000, 1),
  title: plainText(200),
  video_url: url(3_000),
  thumbnail_url: url(3_000),
  'title_url?': url(3_000),
  'author_name?': text(50),
  'provider_name?': text(50),
  'provider_icon_url?': url(3_000),
  'description?': plainText(200),
});

const card = object({
  ...base,
  'hero_image?': imageElement,
  'icon?': imageElement,
  'title?': mrkdwn(150),
  'subtitle?': mrkdwn(150),
  'body?': mrkdwn(200),
  'actions?': list(buttonElement, { max: 5 }),
});
const taskCard = object({
  ...base,
  task_id: text(255, 1),
  title: text(255, 1),
  status: oneOf('pending', 'in_progress', 'complete', 'error'),
  'details?': richTextBlock,
  'output?': richTextBlock,
  'sources?': list(object({ type: oneOf('url'), url: url(3_000), text: text(255, 1) }), { max: 10 }),
});

const childBlocks = byType({
  actions,
  context,
  divider,
  file,
  header,
  image,
  input,
  rich_text: richTextBlock,
  section,
  table: tableBlock,
  video,
});
const container = object({
  ...base,
  'title?': plainText(150),
  'rich_text_title?': richTextBlock,
  'subtitle?': anyText(150),
  child_blocks: list(childBlocks, { min: 1, max: 10 }),
  'width?': oneOf('narrow', 'standard', 'wide', 'full'),
  'icon?': imageElement,
  'is_collapsible?': bool,
  'default_collapsed?': bool,
  'has_header_divider?': bool,
});

const everywhere: Readonly<Record<string, Check>> = {
  section,
  actions,
  context,
  header,
  divider,
  image,
  input,
  video,
  rich_text: richTextBlock,
  alert: object({ ...base, text: anyText(3_000), 'level?': oneOf('default', 'info', 'warning', 'error', 'success') }),
};
const messageBlocks = byType({
  ...everywhere,
  markdown: object({ ...base, text: text(12_000, 1) }),
  table: tableBlock,
  data_table: dataTableBlock,
  file,
  context_actions: contextActions,
  card,
  carousel: object({ ...base, elements: list(byType({ card }), { min: 1, max: 10 }) }),
  container,
  task_card: taskCard,
  plan: object({ ...base, title: text(255, 1), 'tasks?': list(byType({ task_card: taskCard }), { max: 50 }) }),
});
const viewBlocks = byType(everywhere);

const MESSAGE_BLOCKS = 50;
const VIEW_BLOCKS = 100;
const MARKDOWN_CHARACTERS = 12_000;

/** Checks a list of blocks for the report's surface: each block, and what holds for all of them together. */
export function checkBlocks(blocks: unknown, at: string, report: Report): void {
  const isMessage = report.surface === 'message';
  list(isMessage ? messageBlocks : viewBlocks, { max: isMessage ? MESSAGE_BLOCKS : VIEW_BLOCKS })(blocks, at, report);
  if (!Array.isArray(blocks)) return;
  const fields = blocks.map((block, index) => ({ block: isFields(block) ? block : {}, at: `${at}/${index}` }));
  refuseTwice(
    fields.map(({ block, at: where }) => ({ id: block.block_id, at: where })),
    'block_id',
    report,
  );
  limitTogether(
    fields.map(({ block }) => block),
    at,
    report,
  );
}

function limitTogether(blocks: readonly Fields[], at: string, report: Report): void {
  const markdown = blocks.filter((block) => block.type === 'markdown').map((block) => String(block.text ?? '').length);
  if (markdown.reduce((sum, length) => sum + length, 0) > MARKDOWN_CHARACTERS) {
    report.add(at, `markdown blocks must be less than ${MARKDOWN_CHARACTERS + 1} characters in total`);
  }
  if (blocks.filter((block) => block.type === 'table').length > 1) report.add(at, 'only one table block is allowed');
}

function uniqueActions(value: Fields, at: string, report: Report): void {
  const elements = Array.isArray(value.elements) ? value.elements : [];
  refuseTwice(
    elements.map((element, index) => ({
      id: isFields(element) ? element.action_id : undefined,
      at: `${at}/elements/${index}`,
    })),
    'action_id',
    report,
  );
}
