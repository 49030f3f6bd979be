import type { AnyCommand } from '../../src/pipeline/definition.ts';
import { argumentLines, usageLine } from '../../src/pipeline/usage.ts';
import { type Artifact, families, familyOf } from './artifact.ts';

const RISK: Record<AnyCommand['risk'], string> = {
  read: 'Reads only.',
  low: 'A change of low risk.',
  high: 'A change of high risk.',
  destructive: 'A destructive change.',
};

/** `docs/commands.md`: what people can type, from the definitions. */
export function commandsPage(commands: readonly AnyCommand[]): readonly Artifact[] {
  const sections = families(commands).flatMap((family) => [
    `## /${family}`,
    '',
    ...commands.filter((command) => familyOf(command) === family).flatMap(section),
  ]);
  const lines = [
    '<!-- Generated from commands/ by `npm run generate`. Do not edit. -->',
    '# Commands',
    '',
    'Each works as a slash command, as a mention (`@Shipmate k8s get pods`) in channels and threads, and as a direct message to Shipmate.',
    '',
    '| command | what | risk |',
    '|---|---|---|',
    ...families(commands).flatMap((family) => commands.filter((command) => familyOf(command) === family).map(indexRow)),
    '',
    ...sections,
  ];
  return [{ path: 'docs/commands.md', text: `${lines.join('\n').trimEnd()}\n` }];
}

/** GitHub's anchor for a heading that is one code span. */
function anchor(command: AnyCommand): string {
  return command.name.replaceAll(' ', '-');
}

function indexRow(command: AnyCommand): string {
  return `| [\`/${command.name}\`](#${anchor(command)}) | ${command.summary.replaceAll('|', '\\|')} | ${command.risk} |`;
}

function section(command: AnyCommand): string[] {
  const permission =
    command.permission === undefined ? 'Everybody may use it.' : `Permission \`${command.permission}\`.`;
  const aliases = (command.aliases ?? []).map((alias) => `\`/${alias}\``).join(', ');
  return [
    `### \`/${command.name}\``,
    '',
    `${command.summary}${/[.!?]$/.test(command.summary) ? '' : '.'} ${RISK[command.risk]} ${permission}${aliases ? ` Also: ${aliases}.` : ''}`,
    '',
    '```text',
    usageLine(command),
    '',
    ...argumentLines(command).map((line) => `  ${line}`.trimEnd()),
    '```',
    '',
    'Examples:',
    '',
    '```text',
    ...command.examples,
    '```',
    '',
  ];
}
