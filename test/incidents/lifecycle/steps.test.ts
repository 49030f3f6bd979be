import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/incidents/incident.ts';
import { calmAt, calmed } from '../../../src/incidents/lifecycle/flapping.ts';
import { summaryOf } from '../../../src/incidents/lifecycle/headline.ts';
import { opened, reopened } from '../../../src/incidents/lifecycle/open.ts';
import { acked, escalated, resolvedByHand, snoozed, snoozeOver } from '../../../src/incidents/lifecycle/presses.ts';
import { resolved } from '../../../src/incidents/lifecycle/resolve.ts';
import { updated } from '../../../src/incidents/lifecycle/update.ts';
import type { Signal } from '../../../src/incidents/signal.ts';
import { ADA, GRACE, signal, state, T0 } from '../ledger/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const crash = signal();
const image = signal({ rule: 'P03', title: 'image', causeClass: 'image', cause: 'image cannot be pulled' });
const web = (): Incident => opened(state('web', [crash]), T0);
const lines = (incident: Incident | undefined) => incident?.log.map(({ text }) => text);
const last = (incident: Incident | undefined) => incident?.log.at(-1);

describe('the headline', () => {
  const cases: readonly [string, readonly Partial<Signal>[], string][] = [
    ['what explains comes before what follows', [{ cause: 'crash' }, { cause: 'image', causeClass: 'image' }], 'image'],
    ['then the worst', [{ cause: 'bad' }, { cause: 'worse', severity: 'high' }], 'worse'],
    ['then the oldest', [{ cause: 'young' }, { cause: 'old', since: T0 - HOUR }], 'old'],
  ];

  it.each(cases)('%s', (_, signals, expected) => {
    expect(summaryOf(signals.map((change) => signal(change))).cause).toBe(expected);
  });

  it('shows the first twelve signals and counts the rest', () => {
    const many = Array.from({ length: 30 }, (_, at) => signal({ key: String(at).padStart(2, '0') }));

    expect(summaryOf(many)).toMatchObject({ signals: { length: 12 }, moreSignals: 18 });
  });

  it('is as bad as the worst that opens incidents, whatever another root carries', () => {
    expect(summaryOf([crash, signal({ severity: 'critical', isFolded: true })]).severity).toBe('warning');
  });
});

describe('a change', () => {
  it('without any difference is none', () => {
    expect(updated(web(), state('web', [crash]), T0 + MINUTE)).toBeUndefined();
  });

  it('by a rule that did not fire before gets a line, once', () => {
    const first = updated(web(), state('web', [crash, image]), T0 + MINUTE) as Incident;
    const second = updated(first, state('web', [crash, image, signal({ rule: 'P03', key: 'b' })]), T0 + 2 * MINUTE);

    expect(last(first)?.text).toBe('P03 image also fires: image cannot be pulled.');
    expect(second?.log).toHaveLength(2);
  });

  it('to a worse state is said aloud, and back is not', () => {
    const worse = updated(web(), state('web', [signal({ severity: 'high' })]), T0 + MINUTE) as Incident;
    const better = updated(worse, state('web', [crash]), T0 + 2 * MINUTE) as Incident;
    const again = updated(better, state('web', [signal({ severity: 'high' })]), T0 + 3 * MINUTE);

    expect(last(worse)).toMatchObject({ text: expect.stringMatching(/^Now high, was warning: /), isLoud: true });
    expect(better).toMatchObject({ severity: 'warning', peak: 'high', log: { length: 2 } });
    expect(again).toMatchObject({ severity: 'high', log: { length: 2 } });
  });

  it('to a worse state ends a snooze and says so', () => {
    const asleep = snoozed(ADA, T0 + HOUR)(web(), T0) as Incident;

    const worse = updated(asleep, state('web', [signal({ severity: 'high' })]), T0 + MINUTE);

    expect(worse?.snooze).toBeUndefined();
    expect(last(worse)?.text).toContain('The snooze is over.');
  });
});

describe('an end', () => {
  it.each([
    [{ how: 'recovered' } as const, 'Recovered after 6m.'],
    [{ how: 'deleted' } as const, 'Over after 6m: it was deleted.'],
    [{ how: 'while-away' } as const, 'Over while the bot was away: it is well or gone now, at the latest after 6m.'],
    [
      { how: 'by-hand', by: ADA, why: 'known' } as const,
      'Resolved by hand while it still fails: known. It opens again when it ends and fails anew, or gets worse.',
    ],
  ])('%j is told in words', (resolution, words) => {
    expect(last(resolved(web(), resolution, T0 + 5 * MINUTE))?.text).toBe(words);
  });

  it('comes once', () => {
    const over = resolved(web(), { how: 'recovered' }, T0 + MINUTE) as Incident;

    expect(resolved(over, { how: 'deleted' }, T0 + 2 * MINUTE)).toBeUndefined();
  });

  it('of something critical is said aloud', () => {
    const critical = opened(state('web', [signal({ severity: 'critical' })]), T0);

    expect(last(resolved(critical, { how: 'recovered' }, T0 + MINUTE))?.isLoud).toBe(true);
    expect(last(resolved(web(), { how: 'recovered' }, T0 + MINUTE))?.isLoud).toBe(false);
  });
});

describe('flapping', () => {
  it('is four turns in an hour, and passes when an hour has fewer', () => {
    let incident = web();
    for (const minute of [10, 20]) {
      incident = resolved(incident, { how: 'recovered' }, T0 + minute * MINUTE) as Incident;
      expect(incident.isFlapping).toBe(minute === 20);
      incident = reopened(incident, state('web', [crash]), T0 + (minute + 5) * MINUTE);
    }

    expect(calmAt(incident)).toBe(T0 + 70 * MINUTE);
    expect(calmed(incident, T0 + 69 * MINUTE)).toBeUndefined();
    expect(calmed(incident, T0 + 70 * MINUTE)?.isFlapping).toBe(false);
  });

  it('is remembered by the next occurrence', () => {
    const first = resolved(web(), { how: 'recovered' }, T0 + MINUTE) as Incident;
    const second = opened(state('web', [crash]), T0 + 20 * MINUTE, first);

    expect(second.transitions).toEqual([T0, T0 + MINUTE, T0 + 20 * MINUTE]);
    expect(second.id).not.toBe(first.id);
  });
});

describe('people', () => {
  it('ack, and doing it twice is nothing; another may take it over', () => {
    const mine = acked(ADA)(web(), T0 + MINUTE) as Incident;

    expect(lines(mine)?.at(-1)).toBe('Acked.');
    expect(last(mine)?.by).toEqual(ADA);
    expect(acked(ADA)(mine, T0 + MINUTE)).toBeUndefined();
    expect(() => acked(GRACE)(mine, T0 + MINUTE)).toThrow(`Somebody else has had ${mine.id} since 00:01:00Z.`);
    const taken = acked(GRACE, true)(mine, T0 + 2 * MINUTE);
    expect(taken?.ack?.by).toEqual(GRACE);
    expect(lines(taken)?.at(-1)).toBe('Taken over.');
  });

  it('snooze until a time to come, at most a week', () => {
    expect(last(snoozed(ADA, T0 + 90 * MINUTE)(web(), T0))?.text).toBe(
      'Snoozed until 2026-01-01 01:30Z, or until it gets worse.',
    );
    expect(() => snoozed(ADA, T0)(web(), T0)).toThrow('A snooze ends in the future');
    expect(() => snoozed(ADA, T0 + 8 * 24 * HOUR)(web(), T0)).toThrow('at most 7 days');
  });

  it('are reminded when the snooze is over, not before', () => {
    const asleep = snoozed(ADA, T0 + HOUR)(web(), T0) as Incident;

    expect(snoozeOver(asleep, T0 + HOUR - 1)).toBeUndefined();
    expect(snoozeOver(asleep, T0 + HOUR)).toMatchObject({ snooze: undefined });
  });

  it('escalate, which ends a snooze and is said aloud', () => {
    const asleep = snoozed(ADA, T0 + HOUR)(web(), T0) as Incident;

    const asked = escalated(ADA, 'S0ONCALL')(asleep, T0 + MINUTE);

    expect(asked).toMatchObject({ snooze: undefined, escalations: [{ by: ADA, to: 'S0ONCALL', at: T0 + MINUTE }] });
    expect(last(asked)?.isLoud).toBe(true);
  });

  it.each([
    ['acked', acked(ADA)],
    ['snoozed', snoozed(ADA, T0 + HOUR)],
    ['escalated', escalated(ADA, 'S1')],
    ['resolved', resolvedByHand(ADA)],
  ])('are told that what is over cannot be %s', (done, step) => {
    const over = resolved(web(), { how: 'recovered' }, T0 + MINUTE) as Incident;

    expect(() => step(over, T0 + 2 * MINUTE)).toThrow(`has been over since 00:01:00Z; it cannot be ${done}.`);
  });
});
