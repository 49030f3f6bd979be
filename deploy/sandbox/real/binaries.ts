import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withBuildLock } from './build-lock.ts';
import { findGo, type Go } from './go.ts';
import { BINARIES, type BinaryName, linkerFlags, readSources, SOURCES_DIR, type Sources, STAGES } from './sources.ts';

/** The programs of the real control plane, built once and kept under the user's cache directory. */
export interface Binaries {
  /** `v1.36.3` */
  readonly kubernetesVersion: string;
  /** Absolute path. */
  file(name: BinaryName): string;
  /** KWOK's rules for fake nodes and pods, one YAML file. */
  readonly stagesFile: string;
}

/** Why there is no real control plane on this machine, and what would change that. */
export class NoControlPlane extends Error {}

/** The finished binaries, if they are there. Needs no Go: what was built with any Go version is good enough then. */
export async function cachedBinaries(): Promise<Binaries | undefined> {
  const [sources, go] = await Promise.all([readSources(), findGo()]);
  const name = go ? directoryName(sources, go) : await anyBuild(sources);
  return name === undefined ? undefined : openDirectory(join(cacheDirectory(), name), sources);
}

/**
 * The binaries, built first where needed: five to eight minutes on two cores, from the public Go modules named in go.mod and checked
 * against go.sum.
 * @param progress gets one line at a time, for a person to read.
 * @throws NoControlPlane without Go and without earlier binaries; Error with Go's messages when a build fails.
 */
export async function controlPlaneBinaries(progress: (line: string) => void): Promise<Binaries> {
  const cached = await cachedBinaries();
  if (cached) return cached;
  const [sources, go] = await Promise.all([readSources(), findGo()]);
  if (!go) {
    throw new NoControlPlane(
      `The real control plane is built with Go, which is not installed here. Install Go 1.26 or newer (https://go.dev/doc/install) and try again.`,
    );
  }
  const directory = join(cacheDirectory(), directoryName(sources, go));
  const waiting = (owner: number): void => progress(`process ${owner} is building the control plane, waiting for it`);
  return withBuildLock(`${directory}.lock`, waiting, async () => {
    const builtMeanwhile = await openDirectory(directory, sources);
    return builtMeanwhile ?? build(directory, sources, go, progress);
  });
}

async function build(directory: string, sources: Sources, go: Go, progress: (line: string) => void): Promise<Binaries> {
  await removeUnfinished();
  const unfinished = `${directory}.unfinished-${process.pid}`;
  await mkdir(join(unfinished, 'bin'), { recursive: true });
  const startedAt = performance.now();
  try {
    for (const [index, binary] of BINARIES.entries()) {
      const hint = binary.minutes > 0 ? `, about ${binary.minutes} min the first time` : '';
      progress(`building ${binary.name} (${index + 1} of ${BINARIES.length}${hint})`);
      const output = join(unfinished, 'bin', binary.name);
      const flags = ['-trimpath', '-ldflags', linkerFlags(sources.kubernetesVersion), '-o', output];
      await go.run(`${SOURCES_DIR}${binary.module}`, ['build', ...flags, binary.package]);
    }
    await writeFile(join(unfinished, 'stages.yaml'), await kwokStages(go));
    await rm(directory, { recursive: true, force: true });
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  progress(`built the control plane in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  return binariesIn(directory, sources);
}

/** What an interrupted build left behind; hundreds of megabytes that nobody would ever look for. */
async function removeUnfinished(): Promise<void> {
  const names = await readdir(cacheDirectory()).catch((): string[] => []);
  const left = names.filter((name) => /\.unfinished-\d+$/.test(name));
  await Promise.all(left.map((name) => rm(join(cacheDirectory(), name), { recursive: true, force: true })));
}

async function kwokStages(go: Go): Promise<string> {
  const module = await go.run(`${SOURCES_DIR}kwok`, ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok']);
  const stages = await Promise.all(STAGES.map((file) => readFile(join(module, file), 'utf8')));
  return stages.join('\n---\n');
}

/** `~/.cache/shipmate/control-plane`, or under `XDG_CACHE_HOME`. */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shipmate', 'control-plane');
}

function directoryName(sources: Sources, go: Go): string {
  return `${sources.digest}-${go.target}`;
}

async function anyBuild(sources: Sources): Promise<string | undefined> {
  const names = await readdir(cacheDirectory()).catch((): string[] => []);
  return names.find((name) => name.startsWith(`${sources.digest}-`) && !/\.(lock|unfinished-\d+)$/.test(name));
}

/** A directory appears under its name only when everything is in it. */
async function openDirectory(directory: string, sources: Sources): Promise<Binaries | undefined> {
  const names = await readdir(join(directory, 'bin')).catch((): string[] => []);
  return BINARIES.every(({ name }) => names.includes(name)) ? binariesIn(directory, sources) : undefined;
}

function binariesIn(directory: string, sources: Sources): Binaries {
  return {
    kubernetesVersion: sources.kubernetesVersion,
    file: (name) => join(directory, 'bin', name),
    stagesFile: join(directory, 'stages.yaml'),
  };
}
