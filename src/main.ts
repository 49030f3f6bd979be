import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What Node makes of each file, types taken away and compiled, is kept beside the packages: the next start takes a third less CPU time and does not
// load the compiler that takes types away. Where nothing can be written (an image, whose cache is made when it is built), nothing is.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/shipmate'));
const { run } = await import('./run.ts');
await run(process.env);
