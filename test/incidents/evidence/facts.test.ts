import { expect, test } from 'vitest';
import { bounded, sizeOf } from '../../../src/incidents/evidence/bounded.ts';
import { EVIDENCE_BYTES } from '../../../src/incidents/evidence/evidence.ts';
import { merged } from '../../../src/incidents/evidence/merge.ts';
import { exitsOf, troublesOf } from '../../../src/incidents/evidence/pod-facts.ts';
import { recentChange } from '../../../src/incidents/evidence/root-facts.ts';
import { evidenceLine } from '../../../src/incidents/evidence/words.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { exitMeaning } from '../../../src/kubernetes/exit-meaning.ts';
import { newest } from '../../../src/kubernetes/pod-logs.ts';
import { evidence } from '../card/incidents.ts';

test.each([
  [137, 'OOMKilled', 'used more memory than its limit'],
  [137, 'Error', 'killed by SIGKILL from outside'],
  [137, 'ContainerStatusUnknown', 'how it ended is not known'],
  [1, 'Error', 'ended itself with an error'],
  [139, 'Error', 'SIGSEGV'],
  [143, 'Error', 'asked to stop'],
  [127, 'Error', 'not in the image'],
  [0, 'Completed', 'without an error'],
  [140, 'Error', 'signal 12'],
])('exit code %i with reason %s means: %s', (code, reason, meaning) => {
  expect(exitMeaning(code, reason)).toContain(meaning);
});

test('ends without an error are told only when there is nothing else', () => {
  const status = (name: string, exitCode: number) => ({
    name,
    restartCount: 2,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { exitCode, reason: 'Error', finishedAt: '2026-01-01T00:00:00Z' } },
  });
  const pod = (...codes: number[]): KubeObject => ({
    metadata: { name: 'web-1' },
    status: { containerStatuses: codes.map((code, n) => status(`c${n}`, code)) },
  });

  expect(exitsOf(pod(0, 3)).map(({ exitCode }) => exitCode)).toEqual([3]);
  expect(exitsOf(pod(0)).map(({ exitCode }) => exitCode)).toEqual([0]);
  expect(exitsOf({ metadata: {} })).toEqual([]);
});

test('who changed it last is a person’s tool, not the controller that keeps its status', () => {
  const entry = (manager: string, time: string, more: object = {}) => ({
    manager,
    time,
    fieldsV1: { 'f:spec': { 'f:template': {}, 'f:replicas': {} } },
    ...more,
  });
  const managedFields = [
    entry('argocd-controller', '2026-01-01T00:00:00Z'),
    entry('kubectl-edit', '2026-01-01T00:01:00Z'),
    entry('kube-controller-manager', '2026-01-01T00:02:00Z'),
    entry('kubelet', '2026-01-01T00:03:00Z', { subresource: 'status' }),
  ];

  expect(recentChange({ metadata: { managedFields } }, undefined)).toEqual({
    by: 'kubectl-edit',
    at: Date.parse('2026-01-01T00:01:00Z'),
    fields: ['spec.template', 'spec.replicas'],
  });
  expect(recentChange({ metadata: {} }, undefined)).toBeUndefined();
});

test('a node’s troubles are the conditions that are not as they should be', () => {
  const conditions = [
    { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' },
    { type: 'MemoryPressure', status: 'False' },
    { type: 'DiskPressure', status: 'True', reason: 'KubeletHasDiskPressure' },
    { type: 'EtcdIsVoter', status: 'True' },
  ];

  expect(troublesOf({ metadata: {}, status: { conditions } })).toEqual([
    'Ready=Unknown (NodeStatusUnknown)',
    'DiskPressure=True (KubeletHasDiskPressure)',
  ]);
});

test('the newest whole lines that fit are kept', () => {
  expect(newest('one\ntwo\nthree\n', 9)).toEqual({ lines: ['three'], isCut: true });
  expect(newest('one\ntwo\nthree\n', 100)).toEqual({ lines: ['one', 'two', 'three'], isCut: false });
  expect(newest('', 100)).toEqual({ lines: [], isCut: false });
  expect(newest('x'.repeat(50), 10)).toEqual({ lines: ['x'.repeat(10)], isCut: true });
});

test('whatever is in it, it fits', () => {
  const huge = 'ü"\\'.repeat(20_000);
  const all = evidence({
    logs: [{ pod: 'p', container: 'c', isPrevious: false, lines: [huge], isCut: false }],
    events: Array.from({ length: 10 }, (_event, n) => ({
      object: 'Pod/p',
      reason: 'r',
      message: huge,
      count: n,
      at: n,
    })),
    missing: [{ what: 'x', why: huge }],
  });

  expect(sizeOf(bounded(all))).toBeLessThanOrEqual(EVIDENCE_BYTES);
});

test('a later look keeps what only the first one saw', () => {
  const first = evidence({ exits: [], missing: [{ what: 'node n', why: 'No answer within 3 s.' }] });
  const later = evidence({ capturedAt: first.capturedAt + 1, logs: [], codes: ['X'], signals: ['P02/uid-pod'] });
  const both = merged(first, later);

  expect(both.logs).toEqual(first.logs);
  expect(both.capturedAt).toBe(first.capturedAt);
  expect(both.codes).toEqual(['L', 'E', 'I', 'X']);
  expect(both.signals).toEqual(['P03/uid-pod/main', 'P02/uid-pod']);
  expect(both.missing).toEqual(first.missing);
});

test('the line in the thread is the last thing that the container said', () => {
  expect(evidenceLine(evidence())).toBe('Last log line of web-7d9f-abc/main: line 19');
  expect(evidenceLine(evidence({ logs: [] }))).toBe('Image of main: shop/web:8 → shop/web:9.');
  expect(evidenceLine(evidence({ logs: [], images: [], node: undefined }))).toBe(
    'Last changed by argocd-controller: spec.template.',
  );
  expect(evidenceLine(evidence({ logs: [], images: [], node: undefined, change: undefined }))).toBeUndefined();
});
