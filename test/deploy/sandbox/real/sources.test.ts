import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { BINARIES, linkerFlags, readSources, SOURCES_DIR } from '../../../../deploy/sandbox/real/sources.ts';

test('every package that is built is a tool of its Go module, so that go.sum covers it', async () => {
  for (const binary of BINARIES) {
    const goMod = await readFile(`${SOURCES_DIR}${binary.module}/go.mod`, 'utf8');
    expect(goMod, binary.name).toMatch(new RegExp(`^(tool|\\t)\\s*${binary.package.replaceAll('.', '\\.')}$`, 'm'));
  }
});

test('the staging modules have the version that belongs to the pinned Kubernetes', async () => {
  const { kubernetesVersion } = await readSources();
  const goMod = await readFile(`${SOURCES_DIR}kubernetes/go.mod`, 'utf8');

  const replaced = [...goMod.matchAll(/^\t(k8s\.io\/\S+) => (\S+) (v\S+)$/gm)];
  expect(replaced.length).toBeGreaterThan(20);
  for (const [, from, to, version] of replaced) {
    expect(to).toBe(from);
    expect(version).toBe(kubernetesVersion.replace(/^v1\./, 'v0.'));
  }
});

test('the binaries know their version, as released ones do', () => {
  const flags = linkerFlags('v1.36.3');

  expect(flags).toContain('-X k8s.io/component-base/version.gitVersion=v1.36.3');
  expect(flags).toContain('-X k8s.io/component-base/version.gitMajor=1');
  expect(flags).toContain('-X k8s.io/component-base/version.gitMinor=36');
});
