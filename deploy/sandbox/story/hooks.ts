import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Ways in for alerts of others, to be tried with curl: the `bridges` of the config file, and their addresses. */
export interface Hooks {
  readonly bridges: object;
  /** URLs by kind, with the token. @param port the bot's HTTP port. */
  urls(port: number): { readonly generic: string; readonly alertmanager: string };
}

/**
 * Makes a token for each and writes it into `dir`.
 * @param cluster alias that alerts without a label `cluster` belong to.
 */
export async function makeHooks(dir: string, cluster: string): Promise<Hooks> {
  const make = async (kind: 'generic' | 'alertmanager') => {
    const token = randomBytes(16).toString('hex');
    const tokenFile = join(dir, `hook-${kind}.token`);
    await writeFile(tokenFile, `${token}\n`, { mode: 0o600 });
    return { token, bridge: { name: kind === 'generic' ? 'scripts' : 'alertmanager', kind, tokenFile, cluster } };
  };
  const [generic, alertmanager] = [await make('generic'), await make('alertmanager')];
  return {
    bridges: { in: [generic.bridge, alertmanager.bridge] },
    urls: (port) => ({
      generic: `http://127.0.0.1:${port}/hooks/${generic.token}`,
      alertmanager: `http://127.0.0.1:${port}/hooks/alertmanager/${alertmanager.token}`,
    }),
  };
}
