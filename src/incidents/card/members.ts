import type { Incident, Storm } from '../incident.ts';

/** How many characters of a storm's members stand in the living message; all of them stand in its thread when there are more. */
export const MEMBERS_ON_CARD = 1_800;
const PER_PART = 2_700;
const PARTS_PER_PAGE = 3;

/** One namespace a line, kinds named once: `shop (3): deployment web, api · statefulset db`. Pure. */
export function memberLines({ members }: Pick<Storm, 'members'>): readonly string[] {
  return Object.keys(members)
    .sort()
    .map((namespace) => {
      const names = members[namespace] ?? [];
      const place = namespace === '' ? 'cluster-wide' : namespace;
      return `${place} (${names.length}): ${byKind(names)}`;
    });
}

function byKind(names: readonly string[]): string {
  const kinds = new Map<string, string[]>();
  for (const full of [...names].sort()) {
    const at = full.indexOf('/');
    const kind = at === -1 ? '' : full.slice(0, at);
    const known = kinds.get(kind) ?? [];
    known.push(full.slice(at + 1));
    kinds.set(kind, known);
  }
  return [...kinds].map(([kind, own]) => (kind === '' ? own.join(', ') : `${kind} ${own.join(', ')}`)).join(' · ');
}

/** Whether the members are too many for the message itself. */
export function needsList({ storm }: Incident): boolean {
  return storm !== undefined && memberLines(storm).join('\n').length > MEMBERS_ON_CARD;
}

/** What of the members stands in the message: all of them, or how many there are in each namespace. */
export function membersOnCard(storm: Storm): string {
  const whole = memberLines(storm).join('\n');
  if (whole.length <= MEMBERS_ON_CARD) return whole;
  const counts = Object.keys(storm.members)
    .sort()
    .map((namespace) => `${namespace === '' ? 'cluster-wide' : namespace} ${storm.members[namespace]?.length ?? 0}`);
  const shown: string[] = [];
  let room = MEMBERS_ON_CARD - 80;
  for (const count of counts) {
    room -= count.length + 2;
    if (room < 0) break;
    shown.push(count);
  }
  const rest = counts.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? `, and ${rest} more namespaces` : ''}\nEvery one by name is in the thread.`;
}

/** All members, cut at names, as pages of texts: each page is one message of the thread. */
export function memberPages(storm: Storm): readonly (readonly string[])[] {
  const texts: string[] = [];
  let text = '';
  for (const piece of memberLines(storm).flatMap(piecesOf)) {
    if (text !== '' && text.length + piece.length + 1 > PER_PART) {
      texts.push(text);
      text = '';
    }
    text = text === '' ? piece : `${text}\n${piece}`;
  }
  if (text !== '') texts.push(text);
  const pages: string[][] = [];
  for (let at = 0; at < texts.length; at += PARTS_PER_PAGE) pages.push(texts.slice(at, at + PARTS_PER_PAGE));
  return pages;
}

/** A long line as several, never within a name. */
function piecesOf(line: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const word of line.split(/(?<=[,·:]) /)) {
    if (piece !== '' && piece.length + word.length + 1 > PER_PART) {
      pieces.push(piece);
      piece = '';
    }
    piece = piece === '' ? word : `${piece} ${word}`;
  }
  pieces.push(piece);
  return pieces;
}
