import fc from 'fast-check';
import type { Message, Part } from '../../../src/chat/message.ts';

/** Text as clusters and people produce it, hostile parts included. */
const nasty = fc.constantFrom(
  '<!channel>',
  '<@U024BE7LH>',
  '```',
  '<http://evil.io|click>',
  '\u001b[31mred\u001b[0m',
  '\u202eevil',
  '&amp;',
  '"\\"',
  '\ud83d',
  '🚀',
  '\u0000',
  '\n',
  ':smile:',
  '@here',
);
export const anyText = fc
  .array(fc.oneof(nasty, fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 10 })), { maxLength: 12 })
  .map((pieces) => pieces.join(' '));
const longText = fc
  .tuple(anyText, fc.integer({ min: 0, max: 150 }), fc.constantFrom('\n', ' ', '\n\n', ''))
  .map(([text, times, gap]) => Array(times).fill(text).join(gap).slice(0, 12_000));
const text = fc.oneof({ weight: 4, arbitrary: anyText }, { weight: 1, arbitrary: longText });

const table = fc
  .record({ width: fc.integer({ min: 1, max: 14 }), height: fc.integer({ min: 0, max: 160 }), cell: anyText })
  .chain(({ width, height, cell }) =>
    fc.record({
      kind: fc.constant('table' as const),
      columns: fc.array(fc.record({ name: fc.constantFrom('NAME', 'AGE', 'LABELS', 'IMAGE'), priority: fc.nat(1) }), {
        minLength: width,
        maxLength: width,
      }),
      rows: fc.constant(Array.from({ length: height }, (_row, index) => Array(width).fill(`${index}${cell}`))),
      caption: fc.option(text, { nil: undefined }),
      filename: fc.constant('get.txt'),
      view: fc.option(
        fc.record({
          page: fc.integer({ min: -1, max: 9 }),
          wide: fc.boolean(),
          id: fc.option(fc.constant('xabc'), { nil: undefined }),
        }),
        { nil: undefined },
      ),
    }),
  );

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    spans: fc.array(
      fc.oneof(
        text,
        fc.record({ code: text }),
        fc.record({ bold: text }),
        fc.record({ person: fc.oneof(fc.constant('U024BE7LH'), text) }),
        fc.record({ link: fc.oneof(fc.webUrl(), text), label: text }),
      ),
      { maxLength: 8 },
    ),
  }),
  fc.record({
    kind: fc.constant('fields' as const),
    fields: fc.array(fc.record({ label: text, value: text }), { maxLength: 20 }),
  }),
  fc.record({ kind: fc.constant('output' as const), text, filename: fc.constant('out.txt'), mayUpload: fc.boolean() }),
  fc.record({
    kind: fc.constant('diff' as const),
    entries: fc.array(fc.record({ label: text, before: text, after: text }), { maxLength: 10 }),
  }),
  fc.record({ kind: fc.constant('list' as const), items: fc.array(text, { maxLength: 60 }) }),
  fc.record({ kind: fc.constant('progress' as const), done: fc.integer(), total: fc.nat(50), label: text }),
  table,
);

const button = fc.record({
  action: fc.constantFrom('confirm', 'cancel', 'approve', 'deny'),
  label: text,
  value: fc.constant('xabc.1'),
  style: fc.constantFrom('primary' as const, 'danger' as const, undefined),
  ask: fc.option(fc.record({ title: text, text, yes: text, no: text }), { nil: undefined }),
});

export const anyMessage: fc.Arbitrary<Message> = fc.record({
  status: fc.constantFrom('queued' as const, 'succeeded' as const, 'unknown' as const, undefined),
  title: text,
  parts: fc.array(part, { maxLength: 8 }),
  buttons: fc.array(button, { maxLength: 6 }),
  footer: fc.option(text, { nil: undefined }),
});
