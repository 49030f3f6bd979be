import type { PersonFacts } from '../chat.ts';
import type { Web } from './web.ts';

interface SlackUser {
  readonly team_id?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly tz?: string;
  /** Enterprise Grid only: `team_id` is one of the workspaces, not all. */
  readonly enterprise_user?: { readonly enterprise_id?: string; readonly teams?: readonly string[] };
}

/** One person by user id, from `users.info`. @throws NotDelivered, Ambiguous. */
export async function readPerson(web: Pick<Web, 'call'>, user: string): Promise<PersonFacts> {
  const answer = await web.call('interactive', 'users.info', { user });
  const found = (answer.user ?? {}) as SlackUser;
  const { enterprise_id: enterprise, teams = [] } = found.enterprise_user ?? {};
  return {
    teams: [...new Set([...(found.team_id ? [found.team_id] : []), ...teams])],
    ...(enterprise && { enterprise }),
    isGuest: found.is_restricted === true || found.is_ultra_restricted === true,
    isDeactivated: found.deleted === true,
    isBot: found.is_bot === true,
    isStranger: found.is_stranger === true,
    ...(typeof found.tz === 'string' && found.tz !== '' && { timeZone: found.tz }),
  };
}
