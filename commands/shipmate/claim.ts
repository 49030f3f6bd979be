import { defineRead, InternalError, positional, text } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'shipmate claim',
  summary: 'Become the first administrator, with the code from Shipmate’s log',
  examples: ['/shipmate claim k4m6-p8q0-r2t'],
  args: { code: positional(text, { placeholder: 'CODE', summary: 'The code; good once, for 30 minutes' }) },
  permission: undefined,
  async run({ code }, { house, person }) {
    if (!house.desk) throw new InternalError('No policy is in force here.');
    await house.desk.claim(code, person);
    return {
      status: 'succeeded',
      title: 'You are Shipmate’s administrator now',
      parts: [
        {
          kind: 'text',
          spans: [
            'You may do everything until shipmate.yaml gives somebody a right. Put your id, ',
            { code: person.user },
            ', under ',
            { code: 'access.admins' },
            ' and write roles and bindings: ',
            { code: 'npm run config:check' },
            ' explains what is wrong with them, and they are in force as soon as the file is saved.',
          ],
        },
      ],
    };
  },
});
