import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactForAudit } from '../../../src/access/redact/kept.ts';
import { redactMessage } from '../../../src/access/redact/message.ts';
import { redactPlan } from '../../../src/access/redact/plans.ts';
import type { Message, Part } from '../../../src/chat/message.ts';
import { printObjects } from '../../../src/kubernetes/print.ts';
import { redact } from '../../../src/kubernetes/redact.ts';
import { createLogger } from '../../../src/log.ts';
import type { Plan } from '../../../src/pipeline/definition.ts';
import { redactText } from '../../../src/redact/text.ts';

/** What is planted: random enough that finding it means it leaked. */
const letters = fc.string({
  unit: fc.constantFrom(...'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'),
  minLength: 24,
  maxLength: 40,
});
const core = letters.map((text) => `Zq7${text}`);
/** Each way of writing a secret down that is recognised anywhere in a text. */
const WRITTEN: readonly ((secret: string) => string)[] = [
  (secret) => `password=${secret}`,
  (secret) => `DB_PASSWORD: "${secret}"`,
  (secret) => JSON.stringify({ user: 'bob', api_key: secret }),
  (secret) => JSON.stringify({ log: JSON.stringify({ client_secret: secret }) }),
  (secret) => `run --db-password ${secret} --port 80`,
  (secret) => `run --token=${secret}`,
  (secret) => `postgres://app:${secret}@db:5432/shop`,
  (secret) => `app:${secret}@tcp(db:3306)/shop`,
  (secret) => `Authorization: Bearer ${secret}`,
  (secret) => `ghp_${secret}`,
  (secret) => `xoxb-1-${secret}`,
  (secret) => `eyJhbGciOiJIUzI1NiJ9.${secret}.${secret}`,
  (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
  (secret) => `- name: API_TOKEN\n  value: ${secret}`,
  (secret) => `https://hooks.slack.com/services/T0/B0/${secret}`,
];
/** What may stand around it without becoming part of a word. */
const around = fc.constantFrom(
  '',
  ' ',
  '\n',
  'at 09:41 ',
  'level=error msg=failed ',
  '2026-11-20T09:41:00Z ',
  '<!channel> ',
  '(',
  '{"a":1} ',
  '✅ ',
);
const planted = fc
  .record({
    secret: core,
    form: fc.constantFrom(...WRITTEN),
    before: around,
    after: fc.constantFrom('', ' ', '\n', ' next line', '\nat Object.run (x.ts:1)'),
  })
  .map(({ secret, form, before, after }) => ({ secret, text: before + form(secret) + after }));

const harmless = fc.string({ maxLength: 60 });
const parts = (text: string): fc.Arbitrary<Part> =>
  fc.constantFrom<Part>(
    { kind: 'text', spans: [text, { code: text }, { bold: text }, { link: 'https://example.com', label: text }] },
    { kind: 'fields', fields: [{ label: 'Value', value: text }] },
    { kind: 'output', text: `one\n${text}\ntwo`, filename: 'out.txt' },
    {
      kind: 'table',
      columns: [{ name: 'VALUE', priority: 0 }],
      rows: [['a'], [text]],
      filename: 'out.txt',
      caption: text,
    },
    { kind: 'diff', entries: [{ label: text, before: text, after: text }] },
    { kind: 'list', items: [text] },
    { kind: 'progress', done: 1, total: 2, label: text },
  );

describe('wherever a secret is planted', () => {
  test('in any part of a message, it is not said, and the small print counts it', () => {
    fc.assert(
      fc.property(
        planted.chain((one) =>
          fc.record({
            one: fc.constant(one),
            part: parts(one.text),
            title: harmless,
            footer: fc.option(harmless, { nil: undefined }),
          }),
        ),
        ({ one, part, title, footer }) => {
          const message: Message = {
            title,
            parts: [part],
            ...(footer !== undefined && { footer }),
            metadata: { invocation: 'i1', generation: 1 },
          };

          const shown = redactMessage(message);

          expect(JSON.stringify(shown)).not.toContain(one.secret);
          expect(shown.footer).toMatch(/\d+ secrets? hidden$/);
          expect(shown.metadata).toEqual(message.metadata);
          expect(redactMessage(structuredClone(shown))).toEqual(shown);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('in a title, a button or a hint, it is not said', () => {
    fc.assert(
      fc.property(planted, ({ secret, text }) => {
        const button = {
          action: 'confirm',
          label: text,
          value: 'i1.1',
          ask: { title: text, text, yes: text, no: 'No' },
        };

        const shown = redactMessage({ title: text, footer: text, buttons: [button] });

        expect(JSON.stringify(shown)).not.toContain(secret);
        expect(shown.buttons?.[0]).toMatchObject({ action: 'confirm', value: 'i1.1' });
      }),
    );
  });

  test('in any string of an object, it is not printed, in YAML or JSON', () => {
    fc.assert(
      fc.property(planted, fc.constantFrom('ConfigMap', 'Deployment', 'Secret', 'Widget'), ({ secret, text }, kind) => {
        const object = {
          apiVersion: 'v1',
          kind,
          metadata: {
            name: 'web',
            annotations: { note: text, 'kubectl.kubernetes.io/last-applied-configuration': secret },
          },
          ...(kind === 'ConfigMap' ? { data: { 'app.conf': text } } : {}),
          ...(kind === 'Secret'
            ? { data: { innocent: Buffer.from(secret).toString('base64') }, stringData: { plain: secret } }
            : {}),
          spec: {
            password: secret,
            containers: [
              {
                args: [text],
                command: ['sh', '-c', text],
                env: [
                  { name: 'INNOCENT', value: text },
                  { name: 'X_TOKEN', value: secret },
                ],
              },
            ],
            template: { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': secret } } },
          },
          status: { conditions: [{ message: text }] },
        };

        for (const format of ['yaml', 'json'] as const) {
          const printed = printObjects([object], format, false);
          expect(printed.text).not.toContain(secret);
          expect(printed.text).not.toContain(Buffer.from(secret).toString('base64'));
          expect(printed.hidden).toBeGreaterThan(0);
        }
        expect(redact(redact(object).object).object).toEqual(redact(object).object);
      }),
    );
  });

  test('in a log line, its error, its cause or any field, it is not written, and the line stays JSON', () => {
    fc.assert(
      fc.property(planted, ({ secret, text }) => {
        const lines: string[] = [];
        const log = createLogger('trace', { write: (line: string) => void lines.push(line) });

        log.info({ deep: { deeper: [{ text }] }, token: secret }, text);
        log.child({ bound: text }).warn({ err: new Error(text, { cause: new Error(text) }) }, 'failed');
        log.error(text);

        for (const line of lines) {
          expect(line).not.toContain(secret);
          expect(JSON.parse(line).msg).toBeTypeOf('string');
        }
        expect(lines).toHaveLength(3);
      }),
    );
  });

  test('in a plan, only `data` keeps it, and no line that takes it back is offered', () => {
    fc.assert(
      fc.property(planted, ({ secret, text }) => {
        const plan: Plan = {
          targets: [text],
          summary: text,
          confirm: text,
          changes: [
            { label: '/app/password', before: secret, after: 'x' },
            { label: text, before: text, after: text },
          ],
          warnings: [text],
          risk: 'low',
          undo: `/etcd put /app/password ${secret}`,
          data: { value: secret },
        };

        const { data, ...words } = redactPlan(plan);

        expect(JSON.stringify(words)).not.toContain(secret);
        expect(words.undo).toBeUndefined();
        expect(data).toEqual({ value: secret });
      }),
    );
  });

  test('in an audit record, it is not kept', () => {
    fc.assert(
      fc.property(planted, ({ secret, text }) => {
        const record = { raw: text, args: { words: [text] }, answer: { text }, count: 3, at: 1_700_000_000_000 };

        const kept = redactForAudit(record);

        expect(JSON.stringify(kept)).not.toContain(secret);
        expect(kept).toMatchObject({ count: 3, at: 1_700_000_000_000 });
        expect(redactForAudit(kept)).toBe(kept);
      }),
    );
  });
});

test('hiding twice is hiding once, whatever the text', () => {
  const words = fc.constantFrom(
    'password',
    '=',
    ': ',
    '"',
    "'",
    '\\',
    '\n',
    '--token ',
    'a',
    ';',
    ',',
    '&',
    '://',
    '@',
    'u:',
    '<hidden, 7 bytes>',
    'eyJ',
    'ghp_',
    '}',
    ')',
    ' ',
    'name: ',
    'value: ',
    'Bearer ',
    'cookie: ',
    'abc123XY',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 14 }), (pieces) => {
      const once = redactText(pieces.join(''));

      expect(redactText(once)).toBe(once);
    }),
    { numRuns: 3_000 },
  );
});

test('a message with nothing to hide is the very same message', () => {
  const message: Message = {
    title: '2 pods in shop · demo',
    parts: [{ kind: 'list', items: ['web-7d4b9c8f5d-x7k2p'] }],
    footer: 'i7k2m9q4w8e1r5t6 · 09:41',
  };

  expect(redactMessage(message)).toBe(message);
});
