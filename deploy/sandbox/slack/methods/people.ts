import { botProfile } from '../delivery/message-object.ts';
import { userGroupObject } from '../store/groups.ts';
import { userObject } from '../store/people.ts';
import { ApiError, flagArg, type Method, numberArg, paged, requiredText, textArg } from './method.ts';

export const peopleMethods: Readonly<Record<string, Method>> = {
  'users.info': {
    token: 'bot',
    scopes: ['users:read'],
    run(workspace, args) {
      const id = requiredText(args, 'user');
      const person = workspace.people.find(id);
      if (person === undefined || person.id !== id) throw new ApiError('user_not_found');
      return { user: userObject(person, workspace.scopes.has('users:read.email')) };
    },
  },
  'users.list': {
    token: 'bot',
    scopes: ['users:read'],
    run(workspace, args) {
      const { page, next } = paged(workspace.people.all(), args, numberArg(args, 'limit', 1_000, 1, 1_000));
      const withEmail = workspace.scopes.has('users:read.email');
      return {
        members: page.map((person) => userObject(person, withEmail)),
        cache_ts: Math.floor(workspace.time.now() / 1_000),
        response_metadata: { next_cursor: next },
      };
    },
  },
  'users.lookupByEmail': {
    token: 'bot',
    scopes: ['users:read.email'],
    run(workspace, args) {
      const email = requiredText(args, 'email').toLowerCase();
      const person = workspace.people.all().find((one) => !one.isBot && one.email.toLowerCase() === email);
      if (person === undefined || person.isDeactivated) throw new ApiError('users_not_found');
      return { user: userObject(person, true) };
    },
  },
  'usergroups.list': {
    token: 'bot',
    scopes: ['usergroups:read'],
    run(workspace, args) {
      const groups = workspace.groups.all().filter((group) => !group.isDisabled || flagArg(args, 'include_disabled'));
      const withUsers = flagArg(args, 'include_users');
      return { usergroups: groups.map((group) => userGroupObject(group, workspace.world.team.id, withUsers)) };
    },
  },
  'usergroups.users.list': {
    token: 'bot',
    scopes: ['usergroups:read'],
    run(workspace, args) {
      const group = workspace.groups.get(requiredText(args, 'usergroup'));
      if (group === undefined) throw new ApiError('no_such_subteam');
      return { users: group.users };
    },
  },
  'bots.info': {
    token: 'bot',
    scopes: ['users:read'],
    run(workspace, args) {
      const bot = textArg(args, 'bot') ?? workspace.botId;
      if (bot !== workspace.botId) throw new ApiError('bot_not_found');
      return { bot: { ...botProfile(workspace), user_id: workspace.botUserId } };
    },
  },
  'team.info': {
    token: 'bot',
    scopes: ['team:read'],
    run(workspace) {
      const { id, name, domain } = workspace.world.team;
      return { team: { id, name, domain, url: `${workspace.baseUrl}/`, email_domain: '', enterprise_id: null } };
    },
  },
};
