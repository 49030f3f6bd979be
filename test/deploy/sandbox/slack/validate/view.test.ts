import { expect, test } from 'vitest';
import { viewProblem } from '../../../../../deploy/sandbox/slack/validate/view.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const input = {
  type: 'input',
  block_id: 'why',
  label: plain('Why'),
  element: { type: 'plain_text_input', action_id: 'why' },
};
const modal = { type: 'modal', title: plain('Scale'), submit: plain('Scale'), blocks: [input] };

test('a modal with an input and a submit button is taken', () => {
  expect(viewProblem(modal, 'modal')).toBeUndefined();
});

test.each<[string, object, string]>([
  ['no title', { ...modal, title: undefined }, 'missing required field: title [json-pointer:/view]'],
  [
    'a title of 25 characters',
    { ...modal, title: plain('x'.repeat(25)) },
    'must be less than 25 characters [json-pointer:/view/title/text]',
  ],
  ['inputs but no submit', { ...modal, submit: undefined }, 'missing required field: submit [json-pointer:/view]'],
  [
    'private metadata of 3,001 characters',
    { ...modal, private_metadata: 'x'.repeat(3_001) },
    'must be less than 3001 characters [json-pointer:/view/private_metadata]',
  ],
  [
    '101 blocks',
    { ...modal, blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
    'no more than 100 items allowed [json-pointer:/view/blocks]',
  ],
  [
    'a message-only block',
    { ...modal, blocks: [{ type: 'markdown', text: 'x' }] },
    'unsupported type: markdown [json-pointer:/view/blocks/0/type]',
  ],
])('a modal with %s is refused', (_name, view, problem) => {
  const found = viewProblem(view, 'modal');

  expect(found?.error).toBe('invalid_arguments');
  expect(found?.problems).toContain(problem);
});

test('a Home has no title and takes no modal in its place', () => {
  expect(viewProblem({ type: 'home', blocks: [{ type: 'divider' }] }, 'home')).toBeUndefined();
  expect(viewProblem(modal, 'home')?.problems).toContain('must be home [json-pointer:/view/type]');
});

test('a view larger than 250 kB is refused', () => {
  const section = { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_000) } };
  expect(viewProblem({ ...modal, blocks: [...Array.from({ length: 90 }, () => section)] }, 'modal')?.error).toBe(
    'view_too_large',
  );
});
