import type { Reference } from './line.ts';

/** One character of the typed line after Slack's own marking is undone. */
export interface Unit {
  readonly char: string;
  /** Where it came from in the cleaned text. */
  readonly at: number;
  /** Came from a link or mention: never a quote, a separator or an operator. */
  readonly literal: boolean;
  readonly mismatch?: { readonly url: string; readonly label: string };
  readonly reference?: Reference;
}

const TOKEN = /<([^<>\n]*)>/g;

/**
 * Undoes what Slack does to typed text: `<…>` tokens first, then the three entities, each once. A link that Slack made of typed text
 * (`registry.example.com/app:1.2`, `deploy.sh`) becomes that text again.
 */
export function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = readToken(match[1] as string);
    if (token === undefined) continue;
    pushText(units, text.slice(from, match.index), from);
    from = match.index + match[0].length;
    const decoded = decodeEntities(token.text);
    const { reference, mismatch } = token;
    if (reference === undefined && mismatch === undefined) pushChars(units, decoded, match.index, {});
    else pushChars(units, decoded, match.index, { literal: true, reference, mismatch });
  }
  pushText(units, text.slice(from), from);
  return units;
}

/** `&lt;`, `&gt;` and `&amp;`, decoded once: `&amp;lt;` is the text `&lt;`. */
export function decodeEntities(text: string): string {
  return text.replace(/&(lt|gt|amp);/g, (_whole, name: string) => ENTITIES[name] as string);
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&' };

interface Token {
  readonly text: string;
  readonly reference?: Reference;
  readonly mismatch?: { readonly url: string; readonly label: string };
}

function readToken(inside: string): Token | undefined {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? '' : inside.slice(bar + 1);
  const mention = readMention(target, label);
  if (mention) return { text: `<${target}>`, reference: mention };
  if (target.startsWith('!date^')) return { text: label };
  if (/^(mailto|tel):/.test(target)) return { text: label || target.slice(target.indexOf(':') + 1) };
  if (/^https?:\/\//i.test(target)) return readLink(target, label);
  return undefined;
}

function readMention(target: string, label: string): Reference | undefined {
  const user = /^@([UW][A-Z0-9]+)$/.exec(target)?.[1];
  if (user) return { kind: 'user', id: user, label: label || user };
  const channel = /^#([CGD][A-Z0-9]+)$/.exec(target)?.[1];
  if (channel) return { kind: 'channel', id: channel, label: label || channel };
  const group = /^!subteam\^([A-Z0-9]+)$/.exec(target)?.[1];
  if (group) return { kind: 'usergroup', id: group, label: label || group };
  const special = /^!(here|channel|everyone|group)$/.exec(target)?.[1];
  return special ? { kind: 'special', id: special, label: label || special } : undefined;
}

function readLink(url: string, label: string): Token {
  if (label === '') return { text: url };
  const typed = withoutSlash(label);
  const address = withoutSlash(url);
  if (typed === address || typed === address.replace(/^https?:\/\//i, '')) return { text: label };
  return { text: url, mismatch: { url: decodeEntities(url), label: decodeEntities(label) } };
}

function withoutSlash(text: string): string {
  return text.replace(/\/$/, '');
}

function pushText(units: Unit[], text: string, at: number): void {
  let from = 0;
  for (const match of text.matchAll(/&(lt|gt|amp);/g)) {
    pushEach(units, text.slice(from, match.index), at + from);
    units.push({ char: decodeEntities(match[0]), at: at + match.index, literal: false });
    from = match.index + match[0].length;
  }
  pushEach(units, text.slice(from), at + from);
}

function pushEach(units: Unit[], text: string, at: number): void {
  for (let index = 0; index < text.length; index++) {
    units.push({ char: text[index] as string, at: at + index, literal: false });
  }
}

function pushChars(units: Unit[], text: string, at: number, rest: Partial<Unit>): void {
  for (const char of text) units.push({ literal: false, ...rest, char, at });
}
