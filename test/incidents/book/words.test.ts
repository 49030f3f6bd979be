import { describe, expect, it } from 'vitest';
import { incidentWords } from '../../../src/incidents/book/words.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { said } from '../../../src/incidents/lifecycle/line.ts';
import { opened } from '../../../src/incidents/lifecycle/open.ts';
import { acked, told } from '../../../src/incidents/lifecycle/presses.ts';
import { joined } from '../../../src/incidents/lifecycle/quiet.ts';
import { ADA, state, T0 } from '../ledger/world.ts';

const web: Incident = { ...opened(state('web'), T0), id: 'web0001', channel: 'C1', generation: 3 };
const rows = (before: Incident | undefined, after: Incident | undefined) =>
  after ? incidentWords(before, after).map(({ path }) => path.replace('outbox/', '')) : [];

describe('what is to be said', () => {
  it('of a new incident is its message, without a line', () => {
    expect(incidentWords(undefined, web)).toMatchObject([
      { path: 'outbox/incident/web0001', value: { generation: 3, channel: 'C1', since: T0 } },
    ]);
  });

  it('of a step is the message anew and its line under it', () => {
    expect(rows(web, acked(ADA)(web, T0) as Incident)).toEqual(['incident/web0001', 'incident-note/web0001.2']);
  });

  it('of one that is told at last is its message as it is by now, without the rise that came with it', () => {
    const hidden = { ...web, channel: undefined };
    const worse = said({ ...web, severity: 'critical' as const }, T0, 'Now critical, was high: x.', { isLoud: true });

    expect(rows(hidden, worse)).toEqual(['incident/web0001']);
  });

  it('of one that is told nowhere is nothing', () => {
    expect(rows(undefined, { ...web, channel: undefined })).toEqual([]);
  });

  it('of one that another explains is the message, if there is one, and no lines', () => {
    const member = joined(web, { id: 's', key: 'k', why: 'storm' }, T0);

    expect(rows(web, member)).toEqual(['incident/web0001']);
  });

  it('of notes to ourselves is nothing', () => {
    expect(rows(web, told(T0)(web, T0) as Incident)).toEqual([]);
  });

  it('of a silence that ended before it was ever told is the whole message', () => {
    const silent = { ...web, channel: undefined, silencedBy: 's1' };

    expect(rows(silent, { ...silent, silencedBy: undefined, channel: 'C1' })).toEqual(['incident/web0001']);
  });

  it('while it is silenced is the message, and what people do, but no rise and no end', () => {
    const silent = { ...web, silencedBy: 's1' };
    const worse = said({ ...silent, severity: 'critical' as const }, T0, 'Now critical.', { isLoud: true });

    expect(rows(silent, worse)).toEqual(['incident/web0001']);
    expect(rows(silent, acked(ADA)(silent, T0) as Incident)).toContain('incident-note/web0001.2');
    expect(rows(web, said(silent, T0, 'Quiet now: silence s1.'))).toContain('incident-note/web0001.2');
  });

  it('never floods a thread: five lines a minute, but people and loud lines always', () => {
    let incident = web;
    for (let at = 0; at < 10; at++) incident = said(incident, T0 + at * 1_000, `line ${at}`);
    const loud = said(incident, T0 + 11_000, 'worse', { isLoud: true });

    expect(rows(web, incident).filter((row) => row.startsWith('incident-note'))).toHaveLength(4);
    expect(rows(incident, loud)).toContain('incident-note/web0001.12');
  });
});
