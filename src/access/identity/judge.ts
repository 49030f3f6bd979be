import type { PersonFacts } from '../../chat/chat.ts';
import type { Person } from '../../chat/invocation.ts';

/** Why somebody is not served, whatever the policy says about their id. */
export type Refusal = 'foreign' | 'deactivated' | 'bot' | 'guest';

/**
 * Whether Slack's facts let this person use Shipmate at all. The workspace is the person's own, from the payload and from Slack's record:
 * in a shared channel the payload's `team` is the app's, and outsiders' clicks are delivered like everybody's (bolt-python#767). The two
 * must agree, because a user id can mean two people in two workspaces. Pure.
 *
 * @param allowed workspace and organisation ids; empty allows nobody.
 */
export function judge(facts: PersonFacts, person: Person, allowed: readonly string[]): Refusal | undefined {
  const isAllowed = isAmong(allowed, [person.team, person.enterprise]);
  const isSameOrganisation = person.enterprise !== undefined && person.enterprise === facts.enterprise;
  const isThisPerson = isSameOrganisation || facts.teams.includes(person.team);
  if (facts.isStranger || !isAllowed || !isThisPerson) return 'foreign';
  if (facts.isDeactivated) return 'deactivated';
  if (facts.isBot) return 'bot';
  return facts.isGuest ? 'guest' : undefined;
}

function isAmong(allowed: readonly string[], ids: readonly (string | undefined)[]): boolean {
  return ids.some((id) => id !== undefined && allowed.includes(id));
}
