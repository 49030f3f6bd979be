import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksProblem } from '../../../deploy/sandbox/slack/validate/message.ts';
import { BLOCKS_MAX, JSON_BUDGET, renderMessage } from '../../../src/chat/render/message.ts';
import { anyMessage } from './support.ts';

const texts = (value: unknown): string[] => {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : texts(inner),
  );
};

test('any message renders within the limits, in both forms, with nothing that Slack parses', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const rendered = renderMessage(message);

      expect(rendered.text.length).toBeLessThanOrEqual(4_000);
      expect(rendered.text).not.toMatch(/[<>]/);
      for (const form of [rendered, rendered.plain]) {
        expect(form.blocks.length).toBeGreaterThan(0);
        expect(form.blocks.length).toBeLessThanOrEqual(BLOCKS_MAX);
        expect(JSON.stringify(form.blocks).length).toBeLessThanOrEqual(JSON_BUDGET + 2_000);
        expect(JSON.stringify(form.blocks)).not.toContain('"mrkdwn"');
        expect(blocksProblem(form.blocks)).toBeUndefined();
        for (const text of texts(form.blocks)) {
          expect(text.length).toBeGreaterThan(0);
          expect(text.length).toBeLessThanOrEqual(3_000);
          expect(text.isWellFormed()).toBe(true);
          expect(text).not.toMatch(/(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u);
        }
      }
      expect(JSON.stringify(rendered.blocks).length).toBeLessThanOrEqual(JSON_BUDGET);
    }),
    { numRuns: 120 },
  );
}, 120_000);
