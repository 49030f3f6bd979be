/** What each scope buys, so that a workspace that withholds one loses that feature and no other. The app's manifest asks for all of them. */
export interface Feature {
  readonly feature: string;
  readonly scope: string;
  /** What people lose without it, in one sentence. */
  readonly lost: string;
}

export const FEATURES: readonly Feature[] = [
  {
    feature: 'messages',
    scope: 'chat:write',
    lost: 'Shipmate cannot post: only private answers to slash commands remain.',
  },
  { feature: 'slash commands', scope: 'commands', lost: 'Slash commands are not delivered.' },
  { feature: 'mentions', scope: 'app_mentions:read', lost: '@Shipmate in channels is not heard.' },
  { feature: 'direct messages', scope: 'im:history', lost: 'Direct messages to Shipmate are not heard.' },
  { feature: 'opening direct messages', scope: 'im:write', lost: 'People outside a channel cannot be told directly.' },
  { feature: 'long output', scope: 'files:write', lost: 'Long output is shortened instead of attached as a file.' },
  { feature: 'joining channels', scope: 'channels:join', lost: 'Shipmate must be invited to public channels.' },
  {
    feature: 'finding own messages in public channels',
    scope: 'channels:history',
    lost: 'After a crash a message in a public channel may be posted a second time.',
  },
  {
    feature: 'finding own messages in private channels',
    scope: 'groups:history',
    lost: 'After a crash a message in a private channel may be posted a second time.',
  },
  {
    feature: 'people',
    scope: 'users:read',
    lost: 'Guests and deactivated people cannot be told apart from members, so commands are refused.',
  },
  {
    feature: 'noticing shared public channels',
    scope: 'channels:read',
    lost: 'Public channels shared with other organisations are not noticed: what is said there is seen by outsiders.',
  },
  {
    feature: 'noticing shared private channels',
    scope: 'groups:read',
    lost: 'Private channels shared with other organisations are not noticed: what is said there is seen by outsiders.',
  },
  {
    feature: 'user groups',
    scope: 'usergroups:read',
    lost: 'User groups cannot be read: what the policy binds to them is given to nobody.',
  },
];

/** The features whose scope is not among the granted ones. */
export function missingFeatures(granted: readonly string[]): Feature[] {
  return FEATURES.filter(({ scope }) => !granted.includes(scope));
}

/** What to report when Slack names a missing scope that the list above does not know. */
export function featureOf(scope: string): Feature {
  const known = FEATURES.find((feature) => scope.split(',').includes(feature.scope));
  return known ?? { feature: scope, scope, lost: `Whatever needs ${scope} does not work.` };
}
