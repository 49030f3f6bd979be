import { defineRead } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'shipmate whoami',
  summary: 'Who you are to Shipmate, and what you may do',
  examples: ['/shipmate whoami'],
  args: {},
  permission: undefined,
  async run(_args, { house, person }) {
    const mine = house.commands.filter((command) => house.may(person, command));
    const refused = house.commands.length - mine.length;
    return {
      title: `You may use ${mine.length} of ${house.commands.length} commands`,
      parts: [
        {
          kind: 'fields',
          fields: [
            { label: 'You', value: { person: person.user } },
            { label: 'User id', value: person.user },
            { label: 'Workspace', value: person.team },
          ],
        },
        { kind: 'list', items: mine.map((command) => `/${command.name}`) },
        ...(refused === 0
          ? []
          : [
              {
                kind: 'text' as const,
                spans: [
                  'What you may do depends on the place, too: ask with ',
                  { code: '/shipmate can-i COMMAND' },
                  '. For more, whoever keeps shipmate.yaml binds your user id to a role under ',
                  { code: 'access.bindings' },
                  '.',
                ],
              },
            ]),
      ],
    };
  },
});
