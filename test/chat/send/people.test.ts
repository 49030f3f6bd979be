import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConversation } from '../../../src/chat/send/conversations.ts';
import { readPerson } from '../../../src/chat/send/people.ts';
import type { SlackAnswer } from '../../../src/chat/send/web.ts';
import { Web } from '../../../src/chat/send/web.ts';
import { createLogger } from '../../../src/log.ts';
import { startTestSlack, type TestSlack } from '../../support/practice-slack.ts';

let slack: TestSlack;
let web: Web;
beforeAll(async () => {
  slack = await startTestSlack();
  web = new Web({
    token: slack.world.app.botToken,
    apiUrl: slack.apiUrl,
    log: createLogger('silent'),
    metrics: {},
  });
});
afterAll(() => slack.stop());

const answering = (answer: SlackAnswer): Pick<Web, 'call'> => ({ call: async () => answer });

describe('a person as Slack describes them', () => {
  test('is a member, a guest, a bot, or deactivated', async () => {
    await slack.breaks({ deactivate: 'linus' });

    expect(await readPerson(web, 'U0ADA')).toEqual({
      teams: ['T0PRACTICE'],
      isGuest: false,
      isDeactivated: false,
      isBot: false,
      isStranger: false,
      timeZone: 'UTC',
    });
    expect(await readPerson(web, 'U0EVE')).toMatchObject({ isGuest: true });
    expect(await readPerson(web, 'U0LINUS')).toMatchObject({ isDeactivated: true });
    expect(await readPerson(web, 'U0SHIPMATE')).toMatchObject({ isBot: true });
  });

  test('who is not there is refused by Slack', async () => {
    await expect(readPerson(web, 'U0NOBODY')).rejects.toMatchObject({ slackError: 'user_not_found' });
  });

  test('on Enterprise Grid belongs to several workspaces', async () => {
    const user = {
      team_id: 'T1',
      is_ultra_restricted: true,
      enterprise_user: { enterprise_id: 'E1', teams: ['T1', 'T2'] },
    };

    expect(await readPerson(answering({ user }), 'U1')).toMatchObject({
      teams: ['T1', 'T2'],
      enterprise: 'E1',
      isGuest: true,
    });
  });
});

describe('a channel as Slack describes it', () => {
  test('is internal until it is shared', async () => {
    expect(await readConversation(web, 'C0OPS')).toEqual({ isExternallyShared: false });

    await slack.breaks({ extShare: 'ops' });

    expect(await readConversation(web, 'C0OPS')).toEqual({ isExternallyShared: true });
  });

  test('counts as shared while an invitation to another organisation is open', async () => {
    const channel = { is_ext_shared: false, is_pending_ext_shared: true };

    expect(await readConversation(answering({ channel }), 'C1')).toEqual({ isExternallyShared: true });
  });

  test('without the scope is refused, and the missing feature is remembered', async () => {
    await slack.breaks({ removeScope: 'channels:read' });

    await expect(readConversation(web, 'C0OPS')).rejects.toMatchObject({ slackError: 'missing_scope' });
    expect(web.missing().map(({ feature }) => feature)).toEqual(['noticing shared public channels']);
  });
});
