import type { World } from './world.ts';

/** What Shipmate's app manifest asks for. */
export const SHIPMATE_SCOPES = [
  'app_mentions:read',
  'bookmarks:read',
  'bookmarks:write',
  'channels:history',
  'channels:join',
  'channels:manage',
  'channels:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'groups:write',
  'im:history',
  'im:read',
  'im:write',
  'mpim:history',
  'mpim:read',
  'mpim:write',
  'reactions:read',
  'reactions:write',
  'team:read',
  'usergroups:read',
  'users:read',
  'users:read.email',
] as const;

/** A workspace just big enough for tests: three engineers, a guest, three channels. */
export function smallWorld(changes: Partial<World> = {}): World {
  const members = ['U0ADA', 'U0GRACE', 'U0LINUS'];
  return {
    team: { id: 'T0PRACTICE', name: 'Practice', domain: 'practice' },
    app: {
      id: 'A0SHIPMATE',
      name: 'Shipmate',
      botUserId: 'U0SHIPMATE',
      botId: 'B0SHIPMATE',
      botToken: 'xoxb-practice-bot',
      appToken: 'xapp-1-practice-app',
      signingSecret: 'practice-signing-secret',
      scopes: SHIPMATE_SCOPES,
      slashCommands: ['/k8s', '/etcd', '/reboot', '/oncall', '/alerts', '/shipmate'].map((command) => ({
        command,
        description: `Shipmate's ${command.slice(1)} commands`,
        usageHint: 'help',
      })),
    },
    people: [
      { id: 'U0ADA', name: 'ada', realName: 'Ada Lovelace', title: 'Platform', color: '#2f6f5e', isAdmin: true },
      { id: 'U0GRACE', name: 'grace', realName: 'Grace Hopper', title: 'SRE', color: '#8a4fbf' },
      { id: 'U0LINUS', name: 'linus', realName: 'Linus Torvalds', title: 'Kernel', color: '#c4572b' },
      { id: 'U0EVE', name: 'eve', realName: 'Eve Guest', title: 'Contractor', color: '#2b6cb0', isGuest: true },
    ],
    channels: [
      { id: 'C0OPS', name: 'ops', topic: 'Where things are done', members: [...members, 'U0EVE'], botIsMember: true },
      { id: 'C0ALERTS', name: 'prod-alerts', topic: 'What is wrong now', members, botIsMember: true },
      { id: 'C0APPROVALS', name: 'approvals', topic: 'Four eyes', members, botIsMember: true },
    ],
    userGroups: [{ id: 'S0ONCALL', handle: 'oncall', name: 'On call', users: ['U0GRACE'] }],
    ...changes,
  };
}
