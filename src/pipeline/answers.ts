import { DeniedError } from '../access/denied.ts';
import type { Message, Part, Status } from '../chat/message.ts';
import { asShipmateError, type ErrorCode, type ShipmateError } from '../errors.ts';
import type { Plan } from './definition.ts';

/** An error as the person sees it: what, why, what next, and the id to quote. Pure. */
export function errorMessage(thrown: unknown, invocation: string): Message {
  const error = asShipmateError(thrown);
  return {
    status: statusOf(error.code),
    title: firstLine(error.message),
    parts: [
      ...(restOf(error.message) !== ''
        ? [{ kind: 'output' as const, text: restOf(error.message), filename: 'error.txt' }]
        : []),
      ...(error.hint ? [{ kind: 'text' as const, spans: [error.hint] }] : []),
      ...grantors(error),
    ],
    footer: footerOf(error, invocation),
  };
}

/** Whom to ask, as people that Slack shows by name. */
function grantors(error: ShipmateError): Part[] {
  if (!(error instanceof DeniedError) || error.people.length === 0) return [];
  return [{ kind: 'text', spans: ['Administrators: ', ...error.people.flatMap((person) => [{ person }, ' '])] }];
}

function statusOf(code: ErrorCode): Status {
  return code === 'E_FORBIDDEN' || code === 'E_APPROVAL' ? 'denied' : 'failed';
}

function footerOf(error: ShipmateError, invocation: string): string {
  return `${error.code} · ${invocation}`;
}

/** What follows the first line, which is the title: a caret under the place, further errors. */
function restOf(text: string): string {
  return text.split('\n').slice(1).join('\n');
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] as string;
}

/** What `--dry-run=server` answers: the plan, and that nothing happened. Pure. */
export function dryRunMessage(plan: Plan, shown: string, invocation: string): Message {
  return {
    status: 'no-change',
    title: `${plan.summary} (server dry run)`,
    parts: [
      { kind: 'text', spans: [{ code: shown }] },
      ...(plan.changes.length > 0 ? [{ kind: 'diff' as const, entries: plan.changes }] : []),
      ...(plan.warnings.length > 0
        ? [{ kind: 'list' as const, items: plan.warnings.map((warning) => `⚠️ ${warning}`) }]
        : []),
      { kind: 'text', spans: ['The server accepted it; nothing was changed.'] },
    ],
    footer: invocation,
  };
}
