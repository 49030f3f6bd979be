import { isFields } from '../validate/checks.ts';
import { blocksProblem } from '../validate/message.ts';
import { viewProblem } from '../validate/view.ts';
import { ApiError, type Method, schemaError, structArg } from './method.ts';

export const basicMethods: Readonly<Record<string, Method>> = {
  'api.test': {
    token: 'none',
    run(_workspace, args) {
      if (typeof args.error === 'string' && args.error !== '') throw new ApiError(args.error, { args });
      return { args };
    },
  },
  'auth.test': {
    token: 'bot',
    run(workspace) {
      const { team, app } = workspace.world;
      return {
        url: `${workspace.baseUrl}/`,
        team: team.name,
        user: app.name.toLowerCase(),
        team_id: team.id,
        user_id: app.botUserId,
        bot_id: workspace.botId,
        is_enterprise_install: false,
      };
    },
  },
  'apps.connections.open': {
    token: 'app',
    run: (workspace) => ({ url: workspace.delivery.sockets.newAddress(workspace.baseUrl) }),
  },
  'blocks.validate': {
    token: 'bot',
    run(_workspace, args) {
      const view = structArg(args, 'view');
      const message = structArg(args, 'message');
      const blocks = structArg(args, 'blocks') ?? (isFields(message) ? message.blocks : undefined);
      if (view === undefined && blocks === undefined) throw new ApiError('invalid_arguments');
      const problem = view === undefined ? blocksProblem(blocks) : viewProblem(view, 'any');
      if (problem !== undefined) throw schemaError(problem.error, problem.problems);
      return {};
    },
  },
};
