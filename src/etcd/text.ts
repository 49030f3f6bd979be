/**
 * etcd's bytes as people read them. Pure.
 *
 * Keys are identifiers: all that is not printable ASCII is spelt out, so that a Cyrillic look-alike or a right-to-left override cannot
 * pass for another key. Values are content: letters of any script stay, only what hides or reorders text is spelt out.
 */

/** Bidirectional controls, zero-width characters and other invisible format characters, tags and line separators. */
const HIDDEN =
  /[\u{ad}\u{61c}\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of valid UTF-8, or undefined. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A key with everything but printable ASCII as `\u{…}`; bytes that are no UTF-8 in etcdctl's hex form. */
export function displayKey(key: Uint8Array): string {
  const text = utf8(key);
  if (text === undefined) return hex(key);
  return [...text].map((char) => (char >= ' ' && char <= '~' ? char : spellOut(char))).join('');
}

/** Text for a value, or undefined when it is binary (no UTF-8, or control characters other than tab and line ends). */
export function valueText(value: Uint8Array): string | undefined {
  const text = utf8(value);
  if (text === undefined || CONTROL.test(text)) return undefined;
  return text.replaceAll(HIDDEN, spellOut);
}

/** A value for showing: its text, or its size and first 32 bytes in hex. */
export function displayValue(value: Uint8Array): string {
  const text = valueText(value);
  if (text !== undefined) return text;
  const more = value.length > 32 ? '…' : '';
  return `(binary, ${bytes(value.length)}) ${hex(value.subarray(0, 32))}${more}`;
}

/** A key in double quotes, as etcdctl's `-w fields` has it; nothing but printable ASCII. */
export function quoteKey(key: Uint8Array): string {
  const text = utf8(key);
  if (text === undefined) return `"${hex(key)}"`;
  return [...JSON.stringify(text)].map((char) => (char >= ' ' && char <= '~' ? char : spellOut(char))).join('');
}

/** A value in double quotes. */
export function quoteValue(value: Uint8Array): string {
  const text = utf8(value);
  return text === undefined ? `"${hex(value)}"` : JSON.stringify(text).replaceAll(HIDDEN, spellOut);
}

/** One line of at most `width` characters. */
export function displayValueShort(value: Uint8Array, width: number): string {
  const line = displayValue(value).replaceAll(/\s+/g, ' ').trim();
  const chars = [...line];
  return chars.length <= width ? line : `${chars.slice(0, width - 1).join('')}…`;
}

/** `\x66\x6f`, as `etcdctl --hex` prints. */
export function hex(value: Uint8Array): string {
  return [...value].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** `1 byte`, `3 bytes`, `1.2 KiB`. */
export function bytes(count: number): string {
  if (count < 1_024) return count === 1 ? '1 byte' : `${count} bytes`;
  if (count < 1_048_576) return `${(count / 1_024).toFixed(1)} KiB`;
  return `${(count / 1_048_576).toFixed(1)} MiB`;
}

function spellOut(char: string): string {
  return `\\u{${(char.codePointAt(0) as number).toString(16)}}`;
}
