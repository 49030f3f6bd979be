import { checkBlocks } from './blocks.ts';
import { anything, bool, type Fields, isFields, list, object, oneOf, Report, text } from './checks.ts';
import { plainText } from './objects.ts';

/** Slack: 250 kB. */
const VIEW_BYTES = 250_000;

const common = {
  type: oneOf('modal', 'home'),
  blocks: list(anything, { max: 100 }),
  'private_metadata?': text(3_000),
  'callback_id?': text(255),
  'external_id?': text(255),
};
const modal = object({
  ...common,
  title: plainText(24),
  'submit?': plainText(24),
  'close?': plainText(24),
  'clear_on_close?': bool,
  'notify_on_close?': bool,
  'submit_disabled?': bool,
});
const home = object(common);

export type ViewProblem = {
  readonly error: 'invalid_arguments' | 'view_too_large';
  readonly problems: readonly string[];
};

/** @returns what Slack would refuse this view for, if anything. */
export function viewProblem(view: unknown, expected: 'modal' | 'home' | 'any'): ViewProblem | undefined {
  if (!isFields(view)) return { error: 'invalid_arguments', problems: ['must provide an object [json-pointer:/view]'] };
  const type = view.type === 'home' ? 'home' : 'modal';
  const report = new Report(type);
  (type === 'home' ? home : modal)(view, '/view', report);
  if (expected !== 'any' && view.type !== expected) report.add('/view/type', `must be ${expected}`);
  checkBlocks(view.blocks, '/view/blocks', report);
  if (type === 'modal') requireSubmit(view, report);
  if (report.problems.length > 0) return { error: 'invalid_arguments', problems: [...new Set(report.problems)] };
  return JSON.stringify(view).length > VIEW_BYTES ? { error: 'view_too_large', problems: [] } : undefined;
}

function requireSubmit(view: Fields, report: Report): void {
  const hasInput = Array.isArray(view.blocks) && view.blocks.some((block) => isFields(block) && block.type === 'input');
  if (hasInput && view.submit === undefined) report.add('/view', 'missing required field: submit');
}
