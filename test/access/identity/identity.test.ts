import { beforeEach, describe, expect, test } from 'vitest';
import { createIdentity, type Identity } from '../../../src/access/identity/identity.ts';
import type { PersonFacts } from '../../../src/chat/chat.ts';
import { Ambiguous, NotDelivered } from '../../../src/chat/delivery.ts';

const ADA = { team: 'T1', user: 'U1ADA' };
const MEMBER: PersonFacts = { teams: ['T1'], isGuest: false, isDeactivated: false, isBot: false, isStranger: false };
const MINUTE = 60_000;

let now = 0;
let calls: string[] = [];
let failure: Error | undefined;
let facts: PersonFacts = MEMBER;
let isExternallyShared = false;
let identity: Identity;
beforeEach(() => {
  [now, calls, failure, facts, isExternallyShared] = [1_000_000, [], undefined, MEMBER, false];
  identity = createIdentity({
    chat: {
      person: async (user) => {
        calls.push(user);
        if (failure) throw failure;
        return facts;
      },
      conversation: async (channel) => {
        calls.push(channel);
        if (failure) throw failure;
        return { isExternallyShared };
      },
    },
    allowedTeams: () => ['T1'],
    clock: () => now,
  });
});

describe('what Slack says of a person', () => {
  test('is asked once in five minutes, also when many ask at once', async () => {
    await Promise.all([1, 2, 3].map(() => identity.admit(ADA, 'known')));
    now += 5 * MINUTE - 1;
    await identity.admit(ADA, 'seen');
    expect(calls).toEqual(['U1ADA']);

    now += 1;
    await identity.admit(ADA, 'known');
    expect(calls).toHaveLength(2);
  });

  test('is asked anew at a click: whoever was deactivated a moment ago is refused', async () => {
    await identity.admit(ADA, 'known');
    facts = { ...MEMBER, isDeactivated: true };
    now += 3_000;

    await expect(identity.admit(ADA, 'fresh')).rejects.toThrow('deactivated');
    await expect(identity.admit(ADA, 'seen')).rejects.toThrow('deactivated');
  });

  test('counts for reads for an hour while Slack is away, for changes five minutes', async () => {
    await identity.admit(ADA, 'known');
    failure = new Ambiguous('HTTP 503');
    now += 4 * MINUTE;
    await identity.admit(ADA, 'fresh');

    now += 2 * MINUTE;
    await identity.admit(ADA, 'seen');
    await expect(identity.admit(ADA, 'known')).rejects.toMatchObject({
      code: 'E_FORBIDDEN',
      message: expect.stringContaining('who you are'),
    });

    now += 54 * MINUTE;
    await expect(identity.admit(ADA, 'seen')).rejects.toThrow('Slack does not say');
  });

  test('that was never said refuses reads, too, and names the scope that is missing', async () => {
    failure = new NotDelivered('missing_scope', { scope: 'users:read' });

    await expect(identity.admit(ADA, 'seen')).rejects.toMatchObject({
      message: expect.stringContaining('users:read'),
      hint: expect.stringContaining('reinstall'),
    });
  });

  test('whom Slack does not show to us is a stranger', async () => {
    failure = new NotDelivered('user_not_visible');

    await expect(identity.admit(ADA, 'known')).rejects.toThrow('other workspaces');
  });
});

describe('T21: a bot', () => {
  test('gives no commands, whatever id it uses', async () => {
    facts = { ...MEMBER, isBot: true };

    await expect(identity.admit(ADA, 'known')).rejects.toThrow('from people only');
  });
});

describe('T19: a channel', () => {
  test('is asked for once a minute, and may become shared at any time', async () => {
    expect(await identity.isShared('C1')).toBe(false);
    isExternallyShared = true;
    now += MINUTE - 1;
    expect(await identity.isShared('C1')).toBe(false);
    now += 1;
    expect(await identity.isShared('C1')).toBe(true);
    expect(calls).toHaveLength(2);
  });

  test('keeps its last answer while Slack is away; without one nothing is said', async () => {
    isExternallyShared = true;
    await identity.isShared('C1');
    failure = new Ambiguous('HTTP 503');
    now += 10 * MINUTE;

    expect(await identity.isShared('C1')).toBe(true);
    await expect(identity.isShared('C2')).rejects.toMatchObject({ code: 'E_UNAVAILABLE' });
  });

  test.each(['missing_scope', 'channel_not_found'])(
    'that cannot be known (%s) is taken for internal',
    async (error) => {
      failure = new NotDelivered(error);

      expect(await identity.isShared('C1')).toBe(false);
    },
  );

  test('that is a direct message is never asked about', async () => {
    expect(await Promise.all(['D1', 'U1ADA', ''].map((channel) => identity.isShared(channel)))).toEqual([
      false,
      false,
      false,
    ]);
    expect(calls).toEqual([]);
  });
});
