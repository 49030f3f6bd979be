import type { Arg } from './args.ts';
import type { AnyCommand } from './definition.ts';
import { allArgs, flagName } from './global-args.ts';

/** `/k8s scale TYPE/NAME [REPLICAS] [-n NAMESPACE] …`, computed from the arguments. */
export function usageLine(command: AnyCommand): string {
  const parts = Object.entries(command.args).map(([name, arg]) => usageOf(name, arg));
  return [`/${command.name}`, ...parts].join(' ');
}

function usageOf(name: string, arg: Arg): string {
  if (arg.kind === 'positional') return arg.optional ? `[${arg.placeholder}]` : arg.placeholder;
  if (arg.kind === 'rest') return arg.optional ? `[${arg.placeholder}…]` : `${arg.placeholder}…`;
  const dashed = arg.short ? `-${arg.short}` : `--${flagName(name)}`;
  return arg.kind === 'switch' ? `[${dashed}]` : `[${dashed} ${arg.placeholder}]`;
}

/** One line for each flag and argument, aligned: for help and for the generated docs. */
export function argumentLines(command: AnyCommand): string[] {
  const rows = Object.entries(allArgs(command)).map(([name, arg]): [string, string] => [
    argumentLabel(name, arg),
    arg.summary,
  ]);
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, summary]) => `${label.padEnd(width)}  ${summary}`);
}

/** `-n, --namespace NAMESPACE`, or the placeholder of a positional. */
export function argumentLabel(name: string, arg: Arg): string {
  if (arg.kind === 'positional' || arg.kind === 'rest') return arg.placeholder;
  const long = `--${flagName(name)}`;
  const value = arg.kind === 'switch' ? '' : ` ${arg.placeholder}`;
  return `${arg.short ? `-${arg.short}, ` : ''}${long}${value}`;
}
