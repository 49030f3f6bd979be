import type { Web } from './web.ts';

/** Enabled user groups of the workspace with their members, by group id. @throws NotDelivered, Ambiguous. */
export async function readUserGroups(web: Web): Promise<ReadonlyMap<string, readonly string[]>> {
  const answer = await web.call('outbound', 'usergroups.list', { include_users: true });
  const groups = (answer.usergroups ?? []) as readonly {
    id?: string;
    users?: readonly string[];
    date_delete?: number;
  }[];
  return new Map(
    groups.flatMap(({ id, users, date_delete }) =>
      id === undefined || (date_delete ?? 0) > 0 ? [] : [[id, users ?? []] as const],
    ),
  );
}
