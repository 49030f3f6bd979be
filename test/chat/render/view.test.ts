import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { viewProblem } from '../../../deploy/sandbox/slack/validate/view.ts';
import { readValues, renderHome, renderModal } from '../../../src/chat/render/view.ts';
import { anyMessage, anyText } from './support.ts';

describe('a dialog', () => {
  const name = fc.stringMatching(/^[a-z]{1,10}$/);
  const field = fc.record({
    label: anyText,
    hint: fc.option(anyText, { nil: undefined }),
    placeholder: fc.option(anyText, { nil: undefined }),
    multiline: fc.boolean(),
    optional: fc.boolean(),
  });

  test('is one that Slack takes, whatever it says', () => {
    const modal = fc.record({
      callback: fc.constant('deny-reason'),
      subject: fc.constant('iabc.1'),
      title: anyText,
      submit: anyText,
      fields: fc
        .uniqueArray(name, { minLength: 1, maxLength: 5 })
        .chain((names) =>
          fc.tuple(...names.map((one) => field.map((rest) => ({ name: one, ...rest })))).map((fields) => [...fields]),
        ),
    });
    fc.assert(
      fc.property(modal, anyMessage, (dialog, message) => {
        const view = renderModal({ ...dialog, parts: message.parts ?? [] });

        expect(viewProblem(view, 'modal')).toBeUndefined();
        expect(view.private_metadata).toBe('iabc.1');
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test('gives back what was entered by field name, empty for what was left out', () => {
    const state = { values: { reason: { entry: { type: 'plain_text_input', value: 'sale' } }, note: { entry: {} } } };

    expect(readValues(state)).toEqual({ reason: 'sale', note: '' });
    expect(readValues(undefined)).toEqual({});
  });
});

test('any message makes a Home that Slack takes', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      expect(viewProblem(renderHome(message), 'home')).toBeUndefined();
    }),
    { numRuns: 60 },
  );
}, 60_000);
