import type { Channels } from '../store/channels.ts';
import type { UserGroups } from '../store/groups.ts';
import type { People } from '../store/people.ts';

/** A stretch of what a person typed, as Slack's composer understands it. */
export type Piece =
  | { readonly kind: 'text' | 'code' | 'pre'; readonly text: string }
  | { readonly kind: 'user'; readonly id: string; readonly name: string }
  | { readonly kind: 'channel'; readonly id: string; readonly name: string }
  | { readonly kind: 'group'; readonly id: string; readonly handle: string }
  | { readonly kind: 'broadcast'; readonly range: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string | undefined };

export interface Directory {
  readonly people: People;
  readonly channels: Channels;
  readonly groups: UserGroups;
}

// Slack links whatever ends in a known top-level domain: `main.rs` and `app.kubernetes.io/name=web` too.
const TLD = 'com|org|net|io|dev|co|app|ai|sh|rs|py|md|de|uk|us|me|eu|ch|fr|nl|se|no|jp|in|info|cloud|tech|gov|edu|zip';
const CODE = /```([\s\S]*?)```|`([^`\n]+)`/g;
const TOKEN = new RegExp(
  [
    '(?<url>https?://[^\\s<>|`"]+)',
    '(?<mail>(?<![\\w.+-])[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+)',
    `(?<host>(?<![\\w@./-])(?:[a-z0-9-]+\\.)+(?:${TLD})(?:[:/?][^\\s<>|\`"]*)?(?![\\w.-]*\\w))`,
    '(?<at>(?<![\\w@])@[\\w][\\w.-]*)',
    '(?<hash>(?<![\\w#&])#[a-z0-9][\\w-]*)',
  ].join('|'),
  'gi',
);

/** Splits typed text into pieces: code stays verbatim, mentions become ids, addresses become links. */
export function piecesOf(text: string, directory: Directory): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(CODE)) {
    pieces.push(...plainPieces(text.slice(from, match.index), directory));
    if (match[1] !== undefined) pieces.push({ kind: 'pre', text: match[1].replace(/^\n|\n$/g, '') });
    else pieces.push({ kind: 'code', text: match[2] as string });
    from = match.index + match[0].length;
  }
  pieces.push(...plainPieces(text.slice(from), directory));
  return pieces;
}

function plainPieces(text: string, directory: Directory): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = match[0].replace(/[.,;:!?)\]'"]+$/, '');
    const piece = pieceOf(token, match.groups ?? {}, directory);
    if (piece === undefined) continue;
    if (match.index > from) pieces.push({ kind: 'text', text: text.slice(from, match.index) });
    pieces.push(piece);
    from = match.index + token.length;
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) });
  return pieces;
}

function pieceOf(token: string, groups: Record<string, string>, directory: Directory): Piece | undefined {
  if (groups.url !== undefined) return { kind: 'link', url: token, label: undefined };
  if (groups.mail !== undefined) return { kind: 'link', url: `mailto:${token}`, label: token };
  if (groups.host !== undefined) return { kind: 'link', url: `http://${token}`, label: token };
  const name = token.slice(1);
  if (groups.hash !== undefined) {
    const channel = directory.channels.all().find((one) => one.name === name && one.name !== '');
    return channel === undefined ? undefined : { kind: 'channel', id: channel.id, name };
  }
  if (name === 'here' || name === 'channel' || name === 'everyone') return { kind: 'broadcast', range: name };
  const person = directory.people.find(name);
  if (person !== undefined) return { kind: 'user', id: person.id, name: person.name };
  const group = directory.groups.byHandle(name);
  return group === undefined ? undefined : { kind: 'group', id: group.id, handle: group.handle };
}

/** `& < >`, which is all that Slack encodes. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The `text` of a message event. @param named puts names into mentions (`<@U1|ada>`), as escaped slash commands do. */
export function mrkdwnOf(pieces: readonly Piece[], named = false): string {
  return pieces.map((piece) => mrkdwnPiece(piece, named)).join('');
}

function mrkdwnPiece(piece: Piece, named: boolean): string {
  switch (piece.kind) {
    case 'text':
      return escapeText(piece.text);
    case 'code':
      return `\`${escapeText(piece.text)}\``;
    case 'pre':
      return `\`\`\`${escapeText(piece.text)}\`\`\``;
    case 'user':
      return named ? `<@${piece.id}|${piece.name}>` : `<@${piece.id}>`;
    case 'channel':
      return `<#${piece.id}|${piece.name}>`;
    case 'group':
      return `<!subteam^${piece.id}|@${piece.handle}>`;
    case 'broadcast':
      return `<!${piece.range}>`;
    case 'link': {
      const url = escapeText(piece.url);
      return piece.label === undefined ? `<${url}>` : `<${url}|${escapeText(piece.label)}>`;
    }
  }
}

/** The elements of the `rich_text` block that Slack adds to every message a person writes. */
export function richTextOf(pieces: readonly Piece[]): Record<string, unknown>[] {
  const blocks: Record<string, unknown>[] = [];
  let inline: Record<string, unknown>[] = [];
  const flush = (): void => {
    if (inline.length > 0) blocks.push({ type: 'rich_text_section', elements: inline });
    inline = [];
  };
  for (const piece of pieces) {
    if (piece.kind === 'pre') {
      flush();
      blocks.push({ type: 'rich_text_preformatted', border: 0, elements: [{ type: 'text', text: piece.text }] });
    } else inline.push(richElement(piece));
  }
  flush();
  return blocks;
}

function richElement(piece: Exclude<Piece, { kind: 'pre' }> | Piece): Record<string, unknown> {
  switch (piece.kind) {
    case 'code':
      return { type: 'text', text: piece.text, style: { code: true } };
    case 'user':
      return { type: 'user', user_id: piece.id };
    case 'channel':
      return { type: 'channel', channel_id: piece.id };
    case 'group':
      return { type: 'usergroup', usergroup_id: piece.id };
    case 'broadcast':
      return { type: 'broadcast', range: piece.range };
    case 'link':
      return { type: 'link', url: piece.url, ...(piece.label === undefined ? {} : { text: piece.label }) };
    default:
      return { type: 'text', text: piece.text };
  }
}
