import { defineRead, describePlace, InternalError, rest, UsageError, wordList } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'shipmate can-i',
  summary: 'Whether you may run a command line, and which rule says so; runs nothing',
  examples: ['/shipmate can-i k8s scale deploy/web 5 -n shop', '/shipmate can-i etcd get /shop/ --prefix'],
  args: { line: rest(wordList, { placeholder: 'COMMAND', summary: 'The line, as you would type it', verbatim: true }) },
  permission: undefined,
  async run({ line }, context) {
    const { desk } = context.house;
    if (!desk) throw new InternalError('No policy is in force here.');
    if (line[0]?.replace(/^\//, '') === 'shipmate' && line[1] === 'can-i') throw new UsageError('You can.');
    const answer = await desk.canI(line, context);
    const places = answer.asked.map(describePlace).filter((place) => place !== '');
    const permission = answer.asked[0]?.permission;
    return {
      status: answer.allowed ? 'succeeded' : 'denied',
      title: answer.allowed ? 'Yes, you may' : 'No, you may not',
      parts: [
        { kind: 'text', spans: [{ code: answer.shown }] },
        {
          kind: 'fields',
          fields: [
            { label: 'Permission', value: permission ?? 'none is needed' },
            { label: 'Where', value: places.length === 0 ? 'in no particular place' : [...new Set(places)].join('; ') },
            { label: answer.allowed ? 'Allowed by' : 'Because', value: answer.because },
          ],
        },
        ...(answer.refusal?.hint ? [{ kind: 'text' as const, spans: [answer.refusal.hint] }] : []),
        ...(answer.planned
          ? [{ kind: 'text' as const, spans: ['Judged by a plan made just now; nothing was changed.'] }]
          : []),
      ],
    };
  },
});
