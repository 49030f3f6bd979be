import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * `node deploy/warm-up.ts`, while an image is built: loads all that the bot loads and starts nothing, so that its compile cache is there when
 * nothing can be written any more. With the flags and as the user of the bot, please: the cache is good for no others.
 */
const ROOT = join(import.meta.dirname, '..');
enableCompileCache(join(ROOT, 'node_modules/.cache/shipmate'));
await import('../src/run.ts');
const { loadCommands } = await import('../src/pipeline/registry.ts');
const { loadRules } = await import('../src/incidents/load-rules.ts');
await loadCommands(join(ROOT, 'commands'));
await loadRules(join(ROOT, 'src/incidents/rules'));
process.exit(0);
