import { anything, bool, byType, type Check, integer, list, object, oneOf, text, url } from './checks.ts';

/** `rich_text` and everything in it. Its text is never parsed, which is why cluster text belongs here. */
const styled = {
  'style?': object({
    'bold?': bool,
    'italic?': bool,
    'strike?': bool,
    'code?': bool,
    'underline?': bool,
    'highlight?': bool,
    'client_highlight?': bool,
    'unlink?': bool,
  }),
};
const name = text(255, 1);
const textElement = object({ type: anything, text: text(Number.MAX_SAFE_INTEGER, 1), ...styled });
const linkElement = object({ type: anything, url: url(3_000), 'text?': text(3_000), 'unsafe?': bool, ...styled });

const inline = byType({
  text: textElement,
  link: linkElement,
  user: object({ type: anything, user_id: name, ...styled }),
  usergroup: object({ type: anything, usergroup_id: name, ...styled }),
  channel: object({ type: anything, channel_id: name, ...styled }),
  team: object({ type: anything, team_id: name, ...styled }),
  broadcast: object({ type: anything, range: oneOf('here', 'channel', 'everyone'), ...styled }),
  emoji: object({
    type: anything,
    name,
    'unicode?': text(255),
    'skin_tone?': integer(1, 6),
    'url?': url(3_000),
    ...styled,
  }),
  color: object({ type: anything, value: name, ...styled }),
  date: object({
    type: anything,
    timestamp: integer(0, Number.MAX_SAFE_INTEGER),
    format: text(255, 1),
    'url?': url(3_000),
    'fallback?': text(255),
    ...styled,
  }),
});

const many = { min: 1, max: 10_000 };
const border = { 'border?': integer(0, 1) };
const section = object({ type: anything, elements: list(inline, many) });

export const richTextBlock: Check = object({
  type: oneOf('rich_text'),
  'block_id?': text(255),
  elements: list(
    byType({
      rich_text_section: section,
      rich_text_list: object({
        type: anything,
        style: oneOf('bullet', 'ordered'),
        elements: list(byType({ rich_text_section: section }), many),
        'indent?': integer(0, 8),
        'offset?': integer(0, 100_000),
        ...border,
      }),
      rich_text_quote: object({ type: anything, elements: list(inline, many), ...border }),
      rich_text_preformatted: object({
        type: anything,
        elements: list(byType({ text: textElement, link: linkElement }), many),
        'language?': text(50),
        ...border,
      }),
    }),
    { min: 1, max: 10_000 },
  ),
});
