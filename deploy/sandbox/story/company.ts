import type { ChannelSeed, PersonSeed, World } from '../slack/world.ts';

/** The seeded company: Northwind Harbour, a small web shop with its own payments. Names are fixed so that pictures and scripts stay true. */
export const PEOPLE = [
  {
    id: 'U0ADA',
    name: 'ada',
    realName: 'Ada Lovelace',
    title: 'Platform engineer, on call',
    color: '#7a3e9d',
    isAdmin: true,
  },
  { id: 'U0GRACE', name: 'grace', realName: 'Grace Hopper', title: 'Platform lead', color: '#1d7a5f' },
  { id: 'U0LINUS', name: 'linus', realName: 'Linus Torvalds', title: 'Backend, shop', color: '#b0601a' },
  { id: 'U0MARGARET', name: 'margaret', realName: 'Margaret Hamilton', title: 'Backend, payments', color: '#2456a6' },
  { id: 'U0EVE', name: 'eve', realName: 'Eve (agency)', title: 'Guest', color: '#8a8a8a', isGuest: true },
] satisfies PersonSeed[];

/** Who may do what in the sandbox: the platform team everything, developers their own namespace; Eve, a guest, nothing. */
export const ACCESS = {
  admins: ['U0ADA', 'U0GRACE'],
  roles: {
    administrator: [{ permissions: ['*'] }],
    'shop-developer': developerOf('shop'),
    'payments-developer': developerOf('payments'),
  },
  bindings: [
    { role: 'administrator', users: ['U0ADA', 'U0GRACE'] },
    { role: 'shop-developer', users: ['U0LINUS'] },
    { role: 'payments-developer', groups: ['S0PAYMENTS'] },
  ],
  protected: { namespaces: ['payments'] },
  // Money takes four eyes: one of the two asks, the other approves in #approvals.
  approvals: {
    rules: [{ permissions: ['k8s:*'], namespaces: ['payments'], approvers: { users: ['U0ADA', 'U0GRACE'] }, count: 1 }],
  },
};

/** Sees everything of the namespace and its logs, scales it at most twofold and never to nothing, restarts it, and owns the keys of its name. */
function developerOf(namespace: string): object[] {
  return [
    { permissions: ['k8s:get', 'k8s:logs', 'k8s:rollout'], namespaces: [namespace] },
    { permissions: ['alerts:read', 'alerts:ack'], namespaces: [namespace] },
    { permissions: ['k8s:scale'], namespaces: [namespace], args: { 'max-factor': 2, 'min-replicas': 1 } },
    { permissions: ['etcd:*'], keys: [`/${namespace}/`] },
  ];
}

const EVERYBODY = PEOPLE.filter((person) => !('isGuest' in person)).map((person) => person.id);

export const CHANNELS = [
  {
    id: 'C0OPS',
    name: 'ops',
    topic: 'Clusters, changes, questions',
    purpose: 'Where we steer',
    members: [...EVERYBODY, 'U0EVE'],
    botIsMember: true,
  },
  {
    id: 'C0ALERTS',
    name: 'prod-alerts',
    topic: 'What is wrong now',
    purpose: 'Alerts',
    members: EVERYBODY,
    botIsMember: true,
  },
  {
    id: 'C0APPROVALS',
    name: 'approvals',
    topic: 'Four eyes',
    purpose: 'Approvals',
    members: EVERYBODY,
    botIsMember: true,
  },
  {
    id: 'C0RANDOM',
    name: 'random',
    topic: '',
    purpose: 'Anything else; Shipmate is not here',
    members: EVERYBODY,
    botIsMember: false,
  },
] satisfies ChannelSeed[];

export const TIPS = [
  '/k8s get pods -n shop',
  '/k8s scale deploy/web 5 -n shop',
  '/alerts list',
  '/k8s scale deploy/api 5 -n payments',
  '/etcd get --prefix /shop/',
];

/** @param commands the slash commands of the app, as its manifest lists them. @param scopes those of the manifest. */
export function companyWorld(
  commands: readonly { command: string; description: string; usageHint?: string }[],
  scopes: readonly string[],
): World {
  return {
    team: { id: 'T0HARBOUR', name: 'Northwind Harbour', domain: 'northwind-harbour' },
    app: {
      id: 'A0SHIPMATE',
      name: 'Shipmate',
      botUserId: 'U0SHIPMATE',
      botToken: 'xoxb-practice-harbour',
      appToken: 'xapp-practice-harbour',
      signingSecret: 'practice-signing-secret',
      scopes,
      slashCommands: commands,
    },
    people: PEOPLE,
    channels: CHANNELS,
    userGroups: [
      { id: 'S0PLATFORM', handle: 'platform', name: 'Platform team', users: ['U0ADA', 'U0GRACE'] },
      { id: 'S0PAYMENTS', handle: 'payments', name: 'Payments team', users: ['U0MARGARET'] },
    ],
  };
}
