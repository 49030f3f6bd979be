import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/access/identity/judge.ts';
import type { PersonFacts } from '../../../src/chat/chat.ts';

const MEMBER: PersonFacts = { teams: ['T1'], isGuest: false, isDeactivated: false, isBot: false, isStranger: false };
const ADA = { team: 'T1', user: 'U1ADA' };
const HOME = ['T1'];

describe('a person', () => {
  test('who is a member of the workspace is served', () => {
    expect(judge(MEMBER, ADA, HOME)).toBeUndefined();
  });

  test.each([
    ['guest', { isGuest: true }],
    ['deactivated', { isDeactivated: true }],
    ['bot', { isBot: true }],
    ['foreign', { isStranger: true }],
  ] as const)('who is %s is refused as that', (refusal, facts) => {
    expect(judge({ ...MEMBER, ...facts }, ADA, HOME)).toBe(refusal);
  });

  test('who is everything at once is told only that they are of another workspace', () => {
    const facts = { ...MEMBER, isGuest: true, isDeactivated: true, isBot: true, isStranger: true };

    expect(judge(facts, ADA, HOME)).toBe('foreign');
  });

  test('of any workspace is refused while it is not known where the bot is installed', () => {
    expect(judge(MEMBER, ADA, [])).toBe('foreign');
  });
});

describe('T18: a person is workspace and user id, never the id alone', () => {
  test('the id of a member in the payload of another workspace is somebody else', () => {
    expect(judge(MEMBER, { ...ADA, team: 'T9' }, HOME)).toBe('foreign');
    expect(judge(MEMBER, { ...ADA, team: 'T9' }, ['T1', 'T9'])).toBe('foreign');
  });

  test('on Enterprise Grid each workspace of the person counts', () => {
    const facts = { ...MEMBER, teams: ['T1', 'T2'], enterprise: 'E1' };

    expect(judge(facts, { ...ADA, enterprise: 'E1', team: 'T2' }, ['T2'])).toBeUndefined();
    expect(judge(facts, { ...ADA, enterprise: 'E1', team: 'T2' }, ['T3'])).toBe('foreign');
  });

  test('an organisation can be allowed as a whole', () => {
    const facts = { ...MEMBER, teams: ['T7'], enterprise: 'E1' };

    expect(judge(facts, { ...ADA, enterprise: 'E1', team: 'T8' }, ['E1'])).toBeUndefined();
    expect(judge({ ...facts, enterprise: 'E2' }, { ...ADA, enterprise: 'E1', team: 'T8' }, ['E1'])).toBe('foreign');
  });
});

describe('T19: clicks of outsiders are delivered, and judged by the clicker’s own team', () => {
  test('a payload with the outsider’s team is refused', () => {
    expect(judge({ ...MEMBER, teams: ['T9'] }, { team: 'T9', user: 'U9' }, HOME)).toBe('foreign');
  });

  test('a payload that carries only the app’s team is refused by what Slack knows of the person', () => {
    expect(judge({ ...MEMBER, teams: ['T9'] }, { team: 'T1', user: 'U9' }, HOME)).toBe('foreign');
  });
});
