import { readFileSync } from 'node:fs';
import { startApp } from './app.ts';
import { ConfigError, loadConfig } from './config.ts';
import { UserError } from './errors.ts';
import { createLogger } from './log.ts';
import { redactText } from './redact/text.ts';

const EX_CONFIG = 78;

/** Reads the config, starts the roles asked for, handles signals; ends the process with 78 when the config is wrong. Nothing else. */
export async function run(env: NodeJS.ProcessEnv): Promise<void> {
  await start(env).catch(giveUp);
}

async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const config = loadConfig(env, (path) => readFileSync(path, 'utf8'));
  const log = createLogger(config.env.LOG_LEVEL);
  const app = await startApp(config, log);

  let isStopping = false;
  const stop = async (why: string, code: number): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info({ why }, 'stopping');
    await app.stop();
    log.info('stopped');
    process.exit(code);
  };
  process.on('SIGHUP', () => app.reload());
  process.on('SIGTERM', () => void stop('SIGTERM', 0));
  process.on('SIGINT', () => void stop('SIGINT', 0));
  // A promise nobody waited for is a bug: say so, hand the work over, and let the supervisor start a clean process.
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection');
    void stop('unhandled rejection', 1);
  });
}

function giveUp(error: unknown): never {
  if (error instanceof ConfigError || error instanceof UserError) {
    const hint = error instanceof UserError && error.hint ? `${error.hint}\n` : '';
    process.stderr.write(redactText(`${error.message}\n${hint}`));
    process.exit(EX_CONFIG);
  }
  process.stderr.write(redactText(`Shipmate could not start: ${(error as Error).message}\n`));
  process.exit(1);
}
