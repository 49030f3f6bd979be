import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, type Service, startProgram } from '../../deploy/sandbox/child.ts';
import { cacheDirectory } from '../../deploy/sandbox/real/binaries.ts';
import { withBuildLock } from '../../deploy/sandbox/real/build-lock.ts';
import { findGo, type Go } from '../../deploy/sandbox/real/go.ts';

/** Pinned in go.mod, checked against go.sum. */
const MODULE = fileURLToPath(new URL('../cluster/alertmanager/', import.meta.url));
const PACKAGE = 'github.com/prometheus/alertmanager/cmd/alertmanager';

/**
 * The real Alertmanager, built on first use (one to three minutes on two cores) and kept beside the control plane in the user's cache.
 * @returns undefined without Go.
 */
export async function alertmanagerProgram(progress: (line: string) => void): Promise<string | undefined> {
  const go = await findGo();
  if (!go) return undefined;
  const digest = createHash('sha256');
  for (const name of ['go.mod', 'go.sum']) digest.update(await readFile(join(MODULE, name)));
  const name = `${digest.digest('hex').slice(0, 12)}-${go.target}`;
  const file = join(dirname(cacheDirectory()), 'alertmanager', name, 'alertmanager');
  const isThere = (): Promise<boolean> =>
    stat(file).then(
      () => true,
      () => false,
    );
  if (await isThere()) return file;
  const waiting = (owner: number): void => progress(`process ${owner} is building Alertmanager, waiting for it`);
  await withBuildLock(`${dirname(file)}.lock`, waiting, async () => {
    if (!(await isThere())) await build(file, go, progress);
  });
  return file;
}

async function build(file: string, go: Go, progress: (line: string) => void): Promise<void> {
  progress('building Alertmanager, a minute or more the first time');
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.unfinished-${process.pid}`;
  await go.run(MODULE, ['build', '-trimpath', '-ldflags', '-s -w', '-o', unfinished, PACKAGE]);
  await rename(unfinished, file);
}

export interface Alertmanager extends Service {
  readonly url: string;
  /** What it holds as firing now, by its API. */
  alerts(): Promise<readonly GettableAlert[]>;
  /** Gives it an alert, as Prometheus does. */
  fire(labels: Record<string, string>, more?: object): Promise<void>;
}

export interface GettableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: { readonly state: string };
  readonly startsAt: string;
  readonly endsAt: string;
  readonly updatedAt: string;
  readonly generatorURL?: string;
}

/** A port that Alertmanager may have later: its address is in the bot's config before the bot's is in its own. */
export async function portForAlertmanager(): Promise<number> {
  return (await freePorts(1))[0] as number;
}

/** Starts it alone, without its cluster. @param config `alertmanager.yml`, JSON being YAML. */
export async function startAlertmanager(file: string, port: number, config: object): Promise<Alertmanager> {
  const home = await mkdtemp(join(tmpdir(), 'shipmate-alertmanager-'));
  const configFile = join(home, 'alertmanager.yml');
  await writeFile(configFile, JSON.stringify(config));
  const url = `http://127.0.0.1:${port}`;
  const service = await startProgram({
    name: 'alertmanager',
    file,
    args: [
      ...['--config.file', configFile, '--storage.path', join(home, 'data')],
      ...['--web.listen-address', `127.0.0.1:${port}`, '--cluster.listen-address', ''],
    ],
    logFile: join(home, 'alertmanager.log'),
    isReady: async () => (await fetch(`${url}/-/ready`)).ok,
    cleanUp: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }),
  });
  return Object.assign(service, {
    url,
    alerts: async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as GettableAlert[],
    async fire(labels: Record<string, string>, more: object = {}) {
      const answer = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ labels, ...more }]),
      });
      if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
    },
  });
}
