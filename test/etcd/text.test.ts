import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/etcd/keys.ts';
import { bytes, displayKey, displayValue, displayValueShort, hex, quoteKey, valueText } from '../../src/etcd/text.ts';
import { typedLine } from '../../src/etcd/typed-line.ts';

describe('a key', () => {
  it.each([
    ['/app/config', '/app/config'],
    ['pаyments', 'p\\u{430}yments'],
    ['a\u202egnp', 'a\\u{202e}gnp'],
    ['tab\there', 'tab\\u{9}here'],
    ['🚢', '\\u{1f6a2}'],
  ])('%j is shown as %s', (key, shown) => {
    expect(displayKey(bytesOf(key))).toBe(shown);
  });

  it('that is no UTF-8 is shown in hex', () => {
    expect(displayKey(Uint8Array.of(0x66, 0xff))).toBe('\\x66\\xff');
  });

  it('is never shown with anything but printable ASCII', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (key) => {
        expect(displayKey(key)).toMatch(/^[ -~]*$/);
        expect(quoteKey(key)).toMatch(/^"[ -~]*"$/);
      }),
    );
  });
});

describe('a value', () => {
  it('keeps letters of any script and line ends', () => {
    expect(displayValue(bytesOf('größe: 5\n\tя 船'))).toBe('größe: 5\n\tя 船');
  });

  it('has what hides or reorders text spelt out', () => {
    expect(displayValue(bytesOf('a\u202eb\u200bc\ufeff'))).toBe('a\\u{202e}b\\u{200b}c\\u{feff}');
  });

  it('with control characters is its size and hex', () => {
    expect(displayValue(bytesOf('\u001b[31mred'))).toBe(`(binary, 8 bytes) ${hex(bytesOf('\u001b[31mred'))}`);
    expect(displayValue(new Uint8Array(40))).toMatch(/^\(binary, 40 bytes\) (\\x00){32}…$/);
    expect(valueText(Uint8Array.of(0xc3, 0x28))).toBeUndefined();
  });

  it('is cut to one line without splitting a character', () => {
    expect(displayValueShort(bytesOf('line one\n  line two'), 60)).toBe('line one line two');
    expect(displayValueShort(bytesOf('🚢🚢🚢🚢'), 3)).toBe('🚢🚢…');
  });

  it('has a size in words', () => {
    expect([1, 12, 2_048, 1_572_864].map(bytes)).toEqual(['1 byte', '12 bytes', '2.0 KiB', '1.5 MiB']);
  });
});

describe('a line to copy', () => {
  it('quotes what needs it and is not offered where it could come back different', () => {
    expect(typedLine(['/etcd', 'put', '--', '/a', 'two words'])).toBe("/etcd put -- /a 'two words'");
    expect(typedLine(['put', ''])).toBe("put ''");
    expect(typedLine(['put', "it's"])).toBe(`put "it's"`);
    expect(typedLine(['put', 'größe'])).toBeUndefined();
    expect(typedLine(['put', 'a\\b'])).toBeUndefined();
    expect(typedLine(['put', 'a\nb'])).toBeUndefined();
    expect(typedLine(['put', 'x'.repeat(400)])).toBeUndefined();
  });
});
