import { expect, test } from 'vitest';
import { exitText, isOutOfMemory, lastWords } from '../../../src/incidents/reading/exit-codes.ts';

const ended = (exitCode: number, reason = 'Error', signal?: number) => ({
  exitCode,
  reason,
  signal,
  message: '',
  startedAt: 0,
  finishedAt: 0,
});

test.each([
  [ended(0, 'Completed'), 'exit code 0 (completed)'],
  [ended(1), 'exit code 1 (app error)'],
  [ended(2), 'exit code 2 (wrong usage, or a Go panic)'],
  [ended(42), 'exit code 42'],
  [ended(126), 'exit code 126 (command is not executable)'],
  [ended(127), 'exit code 127 (command not found)'],
  [ended(128), 'exit code 128 (the runtime could not start it)'],
  [ended(134), 'exit code 134 (SIGABRT: aborted: failed assertion or abort())'],
  [ended(137), 'exit code 137 (SIGKILL: killed, not for memory as far as the kubelet knows)'],
  [ended(137, 'OOMKilled'), 'exit code 137 (out of memory)'],
  [ended(137, 'ContainerStatusUnknown'), 'exit code 137 (the node lost track of it)'],
  [ended(139), 'exit code 139 (SIGSEGV: segmentation fault)'],
  [ended(143), 'exit code 143 (SIGTERM: asked to stop)'],
  [ended(0, 'Error', 9), 'exit code 0 (SIGKILL: killed, not for memory as far as the kubelet knows)'],
  [ended(163), 'exit code 163 (signal 35)'],
  [ended(200), 'exit code 200'],
  [ended(255), 'exit code 255 (exit status out of range)'],
])('%o means %s', (termination, text) => {
  expect(exitText(termination)).toBe(text);
});

test('only the literal reason is out of memory', () => {
  expect(isOutOfMemory(ended(137, 'OOMKilled'))).toBe(true);
  expect(isOutOfMemory(ended(137))).toBe(false);
  expect(isOutOfMemory(ended(137, 'ContainerStatusUnknown'))).toBe(false);
  expect(isOutOfMemory(undefined)).toBe(false);
});

test('the last words are the last line that says something, without secrets, short enough for a phone', () => {
  expect(lastWords('starting\nboom: no such table\n\n  }\n')).toBe('boom: no such table');
  expect(lastWords('password=hunter2222')).not.toContain('hunter2222');
  expect(lastWords('a\u0000b\tc')).toBe('a b c');
  expect(lastWords('x'.repeat(500))).toHaveLength(140);
  expect(lastWords('\n---\n')).toBe('');
});
