import type { UserGroupSeed, World } from '../world.ts';

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  users: readonly string[];
  isDisabled: boolean;
  updatedAt: number;
}

export class UserGroups {
  readonly #byId = new Map<string, UserGroup>();

  constructor(world: World, now: number) {
    for (const seed of world.userGroups) this.put(seed, now);
  }

  all(): UserGroup[] {
    return [...this.#byId.values()];
  }

  get(id: string): UserGroup | undefined {
    return this.#byId.get(id);
  }

  byHandle(handle: string): UserGroup | undefined {
    return this.all().find((group) => group.handle === handle);
  }

  put(seed: UserGroupSeed, now: number): UserGroup {
    const { id, handle, name, users } = seed;
    const group = { id, handle, name, users, isDisabled: seed.isDisabled ?? false, updatedAt: now };
    this.#byId.set(id, group);
    return group;
  }
}

/** The `usergroup` object. */
export function userGroupObject(group: UserGroup, teamId: string, withUsers: boolean): Record<string, unknown> {
  return {
    id: group.id,
    team_id: teamId,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: '',
    date_update: Math.floor(group.updatedAt / 1_000),
    date_delete: group.isDisabled ? Math.floor(group.updatedAt / 1_000) : 0,
    user_count: group.users.length,
    ...(withUsers ? { users: group.users } : {}),
  };
}
