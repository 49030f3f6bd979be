import { defineRead, describePlace, InternalError, positional, text } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'shipmate why',
  summary: 'Why a command was allowed or refused, up to 24 hours ago',
  examples: ['/shipmate why i2k4m6p8q0r2t4v6'],
  args: { id: positional(text, { placeholder: 'ID', summary: 'The id at the end of an answer' }) },
  permission: undefined,
  async run({ id }, { house, person }) {
    if (!house.desk) throw new InternalError('No policy is in force here.');
    const notes = await house.desk.why(id, person);
    const rows = notes.map((note) => [
      `${new Date(note.at).toISOString().slice(0, 19)}Z`,
      note.stage,
      note.person.user,
      note.allowed ? 'allowed' : 'refused',
      note.because,
      note.asked.map((asked) => `${asked.permission ?? '-'} ${describePlace(asked)}`.trim()).join('; '),
    ]);
    return {
      title: `${notes.length} ${notes.length === 1 ? 'decision' : 'decisions'} about ${id}`,
      parts: [
        {
          kind: 'table',
          filename: `why-${id}.txt`,
          columns: ['TIME', 'AT', 'WHO', 'DECISION', 'BECAUSE', 'ASKED FOR'].map((name) => ({ name, priority: 0 })),
          rows,
        },
      ],
    };
  },
});
