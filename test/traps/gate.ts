import { renderMessage } from '../../src/chat/render/message.ts';
import { digestOf } from '../../src/ids.ts';
import { changeCard } from '../../src/pipeline/card.ts';
import type { ChangeRecord } from '../../src/pipeline/change.ts';
import type { Plan } from '../../src/pipeline/definition.ts';

/** A change that waits for its person, as it is kept. */
export function awaiting(plan: Plan, shown: string): ChangeRecord {
  return {
    schemaVersion: 1,
    id: 'itest',
    generation: 1,
    state: 'awaiting',
    command: 'test',
    shown,
    raw: shown,
    person: { team: 'T1', user: 'U1ADA' },
    origin: { surface: 'slash', channel: 'C1', receivedAt: 0 },
    plan,
    digest: digestOf(plan),
    createdAt: 0,
    expiresAt: 600_000,
  };
}

/** What Slack gets for the question "shall I?": every text of its blocks, in order, one a line. */
export function gateOf(plan: Plan, shown = '/k8s test'): string {
  const texts: string[] = [];
  collect(renderMessage(changeCard(awaiting(plan, shown))).blocks, texts);
  return texts.join('\n');
}

function collect(value: unknown, into: string[]): void {
  if (Array.isArray(value)) for (const one of value) collect(one, into);
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) {
      if (key === 'text' && typeof one === 'string') into.push(one);
      else collect(one, into);
    }
}
