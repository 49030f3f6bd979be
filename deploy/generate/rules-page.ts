import type { AnyRule, Threshold } from '../../src/incidents/rule.ts';
import { humanDuration } from '../../src/time.ts';
import type { Artifact } from './artifact.ts';

/** `docs/rules.md`: every alert rule, with its thresholds. */
export function rulesPage(_commands: unknown, rules: readonly AnyRule[]): readonly Artifact[] {
  const text = [
    '# Alert rules',
    '',
    'Generated from `src/incidents/rules` by `npm run generate`. Do not edit. How rules become incidents: [alerts.md](alerts.md).',
    '',
    'A threshold is changed in `shipmate.yaml` (`alerts.rules.P03.settings`), or by an annotation on a namespace or workload',
    '(`shipmate/alert.P03.hold: 5m`); `shipmate/alerts: "off"`, or a list of rule ids, opts an object out.',
    '',
    '| rule | what | judged | over after |',
    '|---|---|---|---|',
    ...rules.map(
      ({ id, title, kind, alsoKinds, resolveAfterMs }) =>
        `| [${id}](#${anchor(id, title)}) | ${title} | ${[kind, ...(alsoKinds ?? [])].join(', ')} | ${lasting(resolveAfterMs)} |`,
    ),
    '',
    ...rules.flatMap(section),
  ].join('\n');
  return [{ path: 'docs/rules.md', text: `${text.trimEnd()}\n` }];
}

function section(rule: AnyRule): string[] {
  const settings = Object.entries(rule.settings);
  return [
    `## ${rule.id} ${rule.title}`,
    '',
    rule.summary,
    '',
    ...(settings.length === 0
      ? []
      : [
          '| setting | default | meaning |',
          '|---|---|---|',
          ...settings.map(
            ([name, threshold]) => `| \`${name}\` | ${defaultOf(threshold)} | ${cell(threshold.meaning)} |`,
          ),
          '',
        ]),
    ...(rule.source === undefined ? [] : [`After: ${rule.source}.`, '']),
  ];
}

function defaultOf(threshold: Threshold): string {
  return threshold.kind === 'duration' ? lasting(threshold.ms) : String(threshold.value);
}

function lasting(ms: number): string {
  return ms === 0 ? 'at once' : ms % 1_000 === 0 ? humanDuration(ms) : `${ms} ms`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function anchor(id: string, title: string): string {
  return `${id} ${title}`
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
