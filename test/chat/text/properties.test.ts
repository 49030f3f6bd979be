import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuseOddDash, refuseOddName } from '../../../src/chat/text/dashes.ts';
import { normalise } from '../../../src/chat/text/normalise.ts';
import { quote } from '../../../src/chat/text/quote.ts';
import { UsageError } from '../../../src/errors.ts';

const argv = (raw: string): string[] => normalise(raw).words.map((word) => word.text);
/** What Slack does to typed text on its way. */
const asSlackSends = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const awkward = fc.string({
  unit: fc.constantFrom(...' \n\t"\'\\`|&;<>-–—“”‘’…=:a1Z/@#!^~*$().{}é\u00a0\u200b\u202e\u2066'.split('')),
  maxLength: 40,
});
const printable = fc
  .string({ unit: fc.constantFrom(...' \n"\'\\`|&;<>-–—“”’…=:a1Z/@#!^~*$(){}é'.split('')), maxLength: 20 })
  .map((word) => word.normalize('NFC'));

describe('for any text', () => {
  test('reading it either gives words or a usage error, never anything else', () => {
    fc.assert(
      fc.property(fc.oneof(awkward, fc.string({ unit: 'binary', maxLength: 60 })), (raw) => {
        try {
          for (const word of argv(raw)) expect(typeof word).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect((error as UsageError).hint).toBeTruthy();
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('words that were quoted for display are read back as the same words', () => {
    fc.assert(
      fc.property(fc.array(printable, { maxLength: 6 }), (rest) => {
        const words = ['put', ...rest];
        expect(argv(asSlackSends(quote(words)))).toEqual(words);
      }),
      { numRuns: 2_000 },
    );
  });

  test('reading clean text a second time changes nothing', () => {
    const clean = fc.array(fc.stringMatching(/^[a-z0-9][a-z0-9./=:-]{0,15}$/), { maxLength: 8 });
    fc.assert(
      fc.property(clean, (rest) => {
        const once = argv(['get', ...rest].join(' '));
        expect(argv(once.join(' '))).toEqual(once);
        expect(once).toEqual(['get', ...rest]);
      }),
    );
  });
});

describe('words that must be names', () => {
  test('an odd dash is refused even in quotes, naming what was meant', () => {
    expect(() => refuseOddDash('my–app')).toThrow(UsageError);
    expect(() => refuseOddDash('my-app')).not.toThrow();
  });

  test.each(['web…', 'web:smile:', 'web🚀'])('%s is refused with a hint', (word) => {
    expect(() => refuseOddName(word)).toThrow(UsageError);
  });

  test('an image reference with ports is not taken for an emoji', () => {
    expect(() => refuseOddName('reg.io:5000/app:1.2')).not.toThrow();
  });
});
