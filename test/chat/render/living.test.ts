import { describe, expect, test } from 'vitest';
import { attachmentsProblem, blocksProblem } from '../../../deploy/sandbox/slack/validate/message.ts';
import { readChoice } from '../../../src/chat/render/buttons.ts';
import { renderMessage } from '../../../src/chat/render/message.ts';
import { messageWords } from '../../../src/chat/render/words.ts';

const AT = Date.UTC(2026, 0, 7, 6, 24, 30);

describe('a message in colour', () => {
  const message = {
    title: 'shop/web fails',
    notice: 'HIGH · <!channel> · 12m',
    colour: 'firing' as const,
    parts: [{ kind: 'fields' as const, fields: [{ label: 'Since', value: { at: AT } }] }],
  };

  test('has its title above the bar and everything else beside it', () => {
    const { blocks, attachments } = renderMessage(message);

    expect(blocks).toHaveLength(1);
    expect(JSON.stringify(blocks)).toContain('shop/web fails');
    expect(attachments).toMatchObject([{ color: '#D40E0D', blocks: [{ type: 'rich_text' }] }]);
    expect(blocksProblem(blocks) ?? attachmentsProblem(attachments)).toBeUndefined();
  });

  test('notifies with words of its own, in which nobody can be called', () => {
    expect(renderMessage(message).text).toBe('HIGH · &lt;!channel&gt; · 12m');
  });

  test('that Slack refuses is said plainly, without the bar', () => {
    const { plain } = renderMessage(message);

    expect(plain.attachments).toEqual([]);
    expect(JSON.stringify(plain.blocks)).toContain('2026-01-07 06:24Z');
  });

  test('without colour, or with nothing beside the title, clears the bar of an earlier form', () => {
    expect(renderMessage({ title: 'a', parts: message.parts }).attachments).toEqual([]);
    expect(renderMessage({ title: 'a', colour: 'resolved' })).toMatchObject({ attachments: [], blocks: [{}] });
  });
});

describe('a moment', () => {
  test('is shown by Slack in the zone of whoever reads, with its age', () => {
    const { blocks } = renderMessage({ title: 't', parts: [{ kind: 'text', spans: ['since ', { at: AT }] }] });

    expect(blocks[1]).toMatchObject({
      elements: [
        { elements: [{}, { type: 'date', timestamp: Math.trunc(AT / 1_000), fallback: '2026-01-07 06:24Z' }] },
      ],
    });
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER])('%d never costs the message', (at) => {
    const message = { title: 't', parts: [{ kind: 'text' as const, spans: [{ at }] }] };

    expect(blocksProblem(renderMessage(message).blocks)).toBeUndefined();
    expect(messageWords(message)).toMatch(/Z$/);
  });
});

describe('a menu', () => {
  const options = [
    { word: '30m', label: 'For 30 minutes' },
    { word: 'morning', label: 'Until 09:00 tomorrow' },
  ];
  const ask = { title: 'Sure?', text: 'It is loud.', yes: 'Yes', no: 'No' };

  test('carries the subject and the word in each choice', () => {
    const { blocks } = renderMessage({
      title: 't',
      buttons: [{ action: 'snooze', label: 'Snooze', value: 'k3f9q2x.4', options, ask }],
    });
    const [menu] = (blocks[1] as { elements: { options: { value: string }[]; type: string }[] }).elements;

    expect(menu).toMatchObject({
      type: 'static_select',
      placeholder: { text: 'Snooze' },
      confirm: { title: { text: 'Sure?' } },
    });
    expect(menu?.options.map(({ value }) => readChoice(value))).toEqual([
      { value: 'k3f9q2x.4', option: '30m' },
      { value: 'k3f9q2x.4', option: 'morning' },
    ]);
    expect(blocksProblem(blocks)).toBeUndefined();
  });

  test('with too much in it is cut to what Slack takes', () => {
    const many = Array.from({ length: 150 }, (_one, n) => ({ word: `w${n}`.repeat(40), label: 'x'.repeat(200) }));
    const { blocks } = renderMessage({
      title: 't',
      buttons: [{ action: 'more', label: 'M'.repeat(300), value: 'a.1', options: many }],
    });

    expect(blocksProblem(blocks)).toBeUndefined();
  });
});
