import { z } from 'zod';
import { type Args, flag, publicFlag, reasonFlag, toggle } from './args.ts';
import type { AnyCommand } from './definition.ts';

const dryRun = flag(z.enum(['server', 'none']), {
  placeholder: 'server',
  summary: 'Show what would happen, change nothing',
});
const breakGlass = toggle({
  summary: 'Act without the approval it needs; takes a --reason and is reviewed afterwards',
});
const help = toggle({ summary: 'Explain the command', short: 'h' });

/** Flags that every command understands without declaring them; its own come first. */
export function allArgs(command: AnyCommand): Args {
  const globals: Args =
    command.risk === 'read' ? { public: publicFlag, help } : { reason: reasonFlag, dryRun, breakGlass, help };
  return { ...globals, ...command.args };
}

/** How an argument's name is typed: `dryRun` is `--dry-run`. */
export function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
