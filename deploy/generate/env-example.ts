import type { Artifact } from './artifact.ts';
import { type Variable, variables } from './variables.ts';

/** `.env.example`: the required variables open, the others commented out with their defaults. */
export function envExample(): readonly Artifact[] {
  const lines = [
    '# Shipmate reads these from the environment; `npm start` reads `.env` as well. Copy this file to `.env`, or run `npm run init`.',
    '# Every secret may come from a file instead: SLACK_BOT_TOKEN_FILE=/run/secrets/slack-bot-token',
    '# Generated from src/config/env.ts by `npm run generate`. Do not edit.',
  ];
  let section = '';
  for (const variable of variables()) {
    if (variable.section !== section) lines.push('', `# --- ${variable.section} ---`);
    section = variable.section;
    lines.push(...entry(variable));
  }
  return [{ path: '.env.example', text: `${lines.join('\n')}\n` }];
}

function entry({ name, description, example, fallback, isRequired }: Variable): string[] {
  const plain = description.replaceAll('`', '');
  if (isRequired) return [`# ${plain} Required.`, `${name}=${example}`];
  return [`# ${plain}`, `#${name}=${fallback ?? example}`];
}
