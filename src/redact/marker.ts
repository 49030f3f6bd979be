/**
 * What stands where a secret stood. It says how long the secret was, so that an empty or a cut value is noticed without being shown.
 * Every pattern of this folder leaves it alone: hiding twice changes nothing.
 */
export function marker(secret: string): string {
  return markerOf(Buffer.byteLength(secret));
}

/** @param bytes length of what is hidden. */
export function markerOf(bytes: number): string {
  return `<hidden, ${bytes} bytes>`;
}

const START = '<hidden, ';
const MARKER = /<hidden, \d+ bytes>/g;

/** Whether all of it is hidden already. */
export function isMarker(text: string): boolean {
  return text.startsWith(START) && /^<hidden, \d+ bytes>$/.test(text);
}

/** How many secrets were hidden in a text. */
export function countMarkers(text: string): number {
  return text.includes(START) ? (text.match(MARKER)?.length ?? 0) : 0;
}
