import type { AnyCommand } from './definition.ts';

const PERMISSION = /^[a-z0-9]+:[a-z-]+$/;

/** Everything that is wrong with a command's definition, in words for its author; empty when it is sound. Pure. */
export function checkDefinition(pathName: string, command: AnyCommand | undefined): string[] {
  if (!command || typeof command.name !== 'string') return ['has no default export made by defineRead or defineChange'];
  const problems: string[] = [];
  if (command.name !== pathName) problems.push(`is called "${command.name}" but its path says "${pathName}"`);
  if (command.summary.length === 0 || command.summary.length > 100)
    problems.push('needs a summary of at most 100 characters');
  if (command.examples.length === 0) problems.push('needs at least one example');
  for (const example of command.examples) {
    const names = [command.name, ...(command.aliases ?? [])];
    if (!names.some((name) => `${example} `.startsWith(`/${name} `)))
      problems.push(`its example "${example}" does not start with /${command.name}`);
  }
  if (command.permission !== undefined && !PERMISSION.test(command.permission)) {
    problems.push(`its permission "${command.permission}" is not of the form domain:verb`);
  }
  if (!command.scope && isPlaced(command))
    problems.push('acts in a cluster but has no scope, so a right in one place would hold in all');
  return [...problems, ...checkArgs(command)];
}

function isPlaced(command: AnyCommand): boolean {
  if (!/^(k8s|etcd):/.test(command.permission ?? '')) return false;
  return command.risk !== 'read' || 'cluster' in command.args || 'namespace' in command.args;
}

function checkArgs(command: AnyCommand): string[] {
  const problems: string[] = [];
  const shorts = new Map<string, string>();
  let seenOptional = false;
  for (const [name, arg] of Object.entries(command.args)) {
    if (arg.kind === 'positional') {
      if (seenOptional && !arg.optional) problems.push(`its required argument ${name} comes after an optional one`);
      seenOptional ||= arg.optional;
    }
    if (arg.kind === 'rest') seenOptional = true;
    if (arg.short !== undefined) {
      const other = shorts.get(arg.short);
      if (other) problems.push(`-${arg.short} is claimed by both ${other} and ${name}`);
      shorts.set(arg.short, name);
    }
  }
  return problems;
}
