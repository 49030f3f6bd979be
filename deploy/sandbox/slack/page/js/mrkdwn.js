/**
 * Slack's mrkdwn to nodes: fences, quotes, `code`, *bold*, _italic_, ~strike~, `<…>` forms and shortcodes.
 * Text comes with `&`, `<`, `>` escaped as `&amp;` `&lt;` `&gt;`; they are turned back here, last, into text nodes.
 */
import { h, safeLink } from './dom.js';
import { withEmoji } from './emoji.js';
import { broadcastMention, channelMention, dateMention, groupMention, userMention } from './mentions.js';

const decode = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** @returns {(Node | string)[]} */
export function mrkdwn(text) {
  const nodes = [];
  let rest = text;
  for (;;) {
    const start = rest.indexOf('```');
    const end = start < 0 ? -1 : rest.indexOf('```', start + 3);
    if (end < 0) break;
    nodes.push(...lines(rest.slice(0, start).replace(/\n$/, '')));
    nodes.push(
      h('pre', { class: 'fence', tabindex: '0' }, codeText(rest.slice(start + 3, end).replace(/^\n|\n$/g, ''))),
    );
    rest = rest.slice(end + 3).replace(/^\n/, '');
  }
  nodes.push(...lines(rest));
  return nodes;
}

/** Inside code Slack still resolves `<…>` to what it stands for, but nothing else. */
function codeText(text) {
  return decode(text.replace(/<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>/g, (_, url, label) => label ?? url));
}

function lines(text) {
  if (text === '') return [];
  const nodes = [];
  let quoted = [];
  const flush = () => {
    if (quoted.length > 0) nodes.push(h('blockquote', {}, joined(quoted)));
    quoted = [];
  };
  let open = [];
  const flushOpen = () => {
    if (open.length > 0) nodes.push(...joined(open));
    open = [];
  };
  for (const line of text.split('\n')) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quote) {
      flushOpen();
      quoted.push(quote[1] ?? '');
    } else {
      flush();
      open.push(line);
    }
  }
  flush();
  flushOpen();
  return nodes;
}

const joined = (texts) => texts.flatMap((line, index) => (index === 0 ? inline(line) : [h('br'), ...inline(line)]));

const STYLES = { '*': 'strong', _: 'em', '~': 's' };

/** One line. A marker opens only at a word's edge and closes before one, as in Slack: `snake_case_name` stays as it is. */
export function inline(text) {
  const nodes = [];
  let plain = '';
  const flush = () => {
    if (plain) nodes.push(withEmoji(decode(plain)));
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    const char = text[at];
    if (char === '`') {
      const end = text.indexOf('`', at + 1);
      if (end > at + 1) {
        flush();
        nodes.push(h('code', {}, codeText(text.slice(at + 1, end))));
        at = end + 1;
        continue;
      }
    } else if (char === '<') {
      const end = text.indexOf('>', at + 1);
      if (end > at + 1) {
        flush();
        nodes.push(angle(text.slice(at + 1, end)));
        at = end + 1;
        continue;
      }
    } else if (STYLES[char]) {
      const end = closing(text, at, char);
      if (end > 0) {
        flush();
        nodes.push(h(STYLES[char], {}, inline(text.slice(at + 1, end))));
        at = end + 1;
        continue;
      }
    }
    plain += char;
    at += 1;
  }
  flush();
  return nodes;
}

const isWord = (char) => char !== undefined && /[\p{L}\p{N}]/u.test(char);

function closing(text, at, marker) {
  if (isWord(text[at - 1]) || text[at - 1] === marker || /\s|undefined/.test(`${text[at + 1]}`)) return -1;
  if (text[at + 1] === marker) return -1;
  for (let end = at + 2; end < text.length; end += 1) {
    if (text[end] === '`') {
      const code = text.indexOf('`', end + 1);
      if (code > 0) end = code;
    } else if (text[end] === marker && !/\s/.test(text[end - 1] ?? ' ') && !isWord(text[end + 1])) return end;
  }
  return -1;
}

/** `<@U1>` `<#C1|ops>` `<!here>` `<!subteam^S1>` `<!date^…>` `<https://…|label>`; anything else is shown as it stands. */
function angle(body) {
  const [target = '', ...labels] = body.split('|');
  const label = labels.length > 0 ? decode(labels.join('|')) : undefined;
  if (/^@[A-Z0-9]+$/.test(target)) return userMention(target.slice(1), label);
  if (/^#[A-Z0-9]+$/.test(target)) return channelMention(target.slice(1), label);
  if (target.startsWith('!subteam^')) return groupMention(target.slice(9), label);
  if (target.startsWith('!date^')) {
    const [, timestamp, format = '{date_short}', url] = target.split('^');
    return dateMention(timestamp, decode(format), label, url);
  }
  if (/^!(here|channel|everyone)$/.test(target)) return broadcastMention(target.slice(1));
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return safeLink(decode(target), withEmoji(label ?? decode(target)));
  return document.createTextNode(decode(`<${body}>`));
}

/** A text object of Block Kit (`plain_text` or `mrkdwn`) as nodes. */
export function textObject(object) {
  if (!object) return [];
  if (typeof object === 'string') return [object];
  if (object.type === 'mrkdwn') return mrkdwn(object.text);
  return plainText(object.text, object.emoji !== false);
}

/** Plain text with its line breaks, and shortcodes unless `emoji` is false. */
export function plainText(text, emoji = true) {
  const shown = emoji ? withEmoji(text) : text;
  return shown.split('\n').flatMap((line, index) => (index === 0 ? [line] : [h('br'), line]));
}
