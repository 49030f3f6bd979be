import { z } from 'zod';
import { unwrap } from '../../src/config/schema-keys.ts';
import { fileSchema } from '../../src/config.ts';
import type { Artifact } from './artifact.ts';
import { type Variable, variables } from './variables.ts';

/** `docs/configuration.md`: every variable and every key of the config file, from the two schemas. */
export function configurationPage(): readonly Artifact[] {
  const lines = [
    '<!-- Generated from src/config/env.ts and src/config/file.ts by `npm run generate`. Do not edit. -->',
    '# Configuration',
    '',
    'Shipmate reads its environment and one file, `shipmate.yaml`, once at start; `access` is read again when the file changes. When anything is wrong it lists every problem on stderr and',
    'exits with code 78; nothing is started. It never prints a secret.',
    '',
    '## Environment',
    '',
    'An empty variable counts as absent. A variable marked *secret* may come from a file instead: `NAME_FILE=/path`.',
    'Either `SLACK_APP_TOKEN` (Socket Mode, no inbound port needed) or `SLACK_SIGNING_SECRET` (HTTP mode) must be set.',
    '',
    ...environmentTables(),
    '## The config file',
    '',
    'YAML at `SHIPMATE_CONFIG`. Every key is optional; unknown keys are refused with the nearest known one. Durations are written `90s`, `15m`,',
    '`1h30m`. Paths start at the file’s own directory, `~/` is the home directory. Without the file nobody may do anything but `/shipmate`.',
    '`npm run config:check FILE` validates a file without starting anything.',
    '',
    ...fileSections(),
  ];
  return [{ path: 'docs/configuration.md', text: `${lines.join('\n').trimEnd()}\n` }];
}

function environmentTables(): string[] {
  const bySection = Map.groupBy(variables(), (variable) => variable.section);
  return [...bySection].flatMap(([section, rows]) => [
    `### ${section}`,
    '',
    '| variable | default | what |',
    '|---|---|---|',
    ...rows.map(row),
    '',
  ]);
}

function row({ name, description, fallback, isRequired, isSecret, example }: Variable): string {
  const standard = isRequired ? '**required**' : fallback === undefined ? '–' : `\`${fallback}\``;
  const notes = [
    escapeCell(description),
    ...(isSecret ? ['*Secret.*'] : []),
    ...(fallback === example ? [] : [`Example: \`${example}\`.`]),
  ];
  return `| \`${name}\` | ${standard} | ${notes.join(' ')} |`;
}

function fileSections(): string[] {
  return Object.entries(fileSchema.shape).flatMap(([key, schema]) => {
    const rows = keyRows(key, schema);
    const table = rows.length === 0 ? [] : ['', '| key | kind | default | what |', '|---|---|---|---|', ...rows];
    return [`### \`${key}\``, '', schema.meta()?.description ?? '', ...table, ''];
  });
}

function keyRows(path: string, schema: z.core.$ZodType): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodRecord)
    return keyRows(`${path}.${path === 'access.roles' ? 'ROLE' : 'ALIAS'}`, inner.valueType);
  // A list of maps, such as rules: its keys are those of each entry.
  if (inner instanceof z.ZodArray && unwrap(inner.element) instanceof z.ZodObject)
    return keyRows(`${path}[]`, inner.element);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([name, child]) => {
    const nested = keyRows(`${path}.${name}`, child);
    if (nested.length > 0) return nested;
    const result = child.safeParse(undefined);
    const standard = !result.success
      ? '**required**'
      : result.data === undefined
        ? '–'
        : `\`${JSON.stringify(result.data)}\``;
    return [
      `| \`${path}.${name}\` | ${kindOf(child)} | ${standard} | ${escapeCell(child.meta()?.description ?? '')} |`,
    ];
  });
}

function kindOf(schema: z.core.$ZodType): string {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodNumber) return 'number';
  if (inner instanceof z.ZodArray) return `list of ${kindOf(inner.element)}`;
  if (inner instanceof z.ZodEnum) return inner.options.map((option) => `\`${String(option)}\``).join(', ');
  return 'text';
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
