import { describe, expect, test } from 'vitest';
import { messageWords } from '../../../src/chat/render/words.ts';
import { isForChannel, noteMessage } from '../../../src/incidents/card/note.ts';
import type { Incident, LogLine, Step } from '../../../src/incidents/incident.ts';
import { escalated, snoozed, snoozeOver } from '../../../src/incidents/lifecycle/presses.ts';
import { resolved } from '../../../src/incidents/lifecycle/resolve.ts';
import { risen } from '../../../src/incidents/lifecycle/update.ts';
import { ADA, incident, MINUTE, T0 } from './incidents.ts';

const stepped = (before: Incident, step: Step, now = T0 + MINUTE): Incident => {
  const found = step(before, now);
  if (!found) throw new Error('nothing happened');
  return found;
};
const last = ({ log }: Incident): LogLine => log.at(-1) as LogLine;
const words = (of: Incident): string => messageWords(noteMessage(of, last(of), T0 + MINUTE));

describe('a line in the thread', () => {
  test('stands in the channel, too, when it is worse or when something critical is over, and then only', () => {
    const worse = risen(incident({ severity: 'critical' }), T0);
    const over = resolved(worse, { how: 'recovered' }, T0 + MINUTE);
    const asked = stepped(incident(), escalated(ADA, 'S0PLATFORM'));

    expect(isForChannel(worse, last(worse))).toBe(true);
    expect(over && isForChannel(over, last(over))).toBe(true);
    expect(isForChannel(asked, last(asked))).toBe(false);
  });

  test('of two rises in a row the channel hears of the last', () => {
    const first = risen(incident({ severity: 'high', peak: 'warning' }), T0);
    const second = risen({ ...first, severity: 'critical' }, T0);

    expect(isForChannel(second, last(first))).toBe(false);
    expect(isForChannel(second, last(second))).toBe(true);
  });

  test('calls whom an escalation asks, and says about what', () => {
    const asked = stepped(incident(), escalated(ADA, 'S0PLATFORM'));

    expect(words(asked)).toContain(
      'please look at this: shop/deployment/web: image "shop/web:9" cannot be pulled: not found.',
    );
  });

  test('tells a snooze on the clock of the reader, and at its end whoever chose it', () => {
    const asleep = stepped(incident(), snoozed(ADA, T0 + 30 * MINUTE));
    const awake = stepped(asleep, snoozeOver, T0 + 30 * MINUTE);

    expect(noteMessage(asleep, last(asleep), T0).parts?.[0]).toEqual({
      kind: 'text',
      spans: ['Until ', { at: T0 + 30 * MINUTE }, ', or until it gets worse.'],
    });
    expect(words(awake)).toContain('U0ADA: you snoozed it.');
    expect(isForChannel(awake, last(awake))).toBe(false);
  });
});
