import { redactText } from '../../redact/text.ts';
import type { SeenTermination } from '../seen/pod.ts';

/** What an exit code means where convention gives it a meaning: POSIX shells, the container runtimes, Go and Node. */
const CODES: Readonly<Record<number, string>> = {
  0: 'completed',
  1: 'app error',
  2: 'wrong usage, or a Go panic',
  126: 'command is not executable',
  127: 'command not found',
  128: 'the runtime could not start it',
  255: 'exit status out of range',
};

/** Linux signals by number, as `128 + n` of an exit code. Those that are not here are said by number. */
const SIGNALS: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  1: ['SIGHUP', 'hung up'],
  2: ['SIGINT', 'interrupted'],
  3: ['SIGQUIT', 'quit'],
  4: ['SIGILL', 'illegal instruction: built for another CPU?'],
  5: ['SIGTRAP', 'trap'],
  6: ['SIGABRT', 'aborted: failed assertion or abort()'],
  7: ['SIGBUS', 'bus error'],
  8: ['SIGFPE', 'arithmetic error'],
  9: ['SIGKILL', 'killed, not for memory as far as the kubelet knows'],
  11: ['SIGSEGV', 'segmentation fault'],
  13: ['SIGPIPE', 'broken pipe'],
  14: ['SIGALRM', 'alarm clock'],
  15: ['SIGTERM', 'asked to stop'],
};

/**
 * Only the literal reason counts. 137 alone is a SIGKILL by anybody: a liveness probe, a node that is scaled down, a person
 * (robusta#1071 and kubewatch#109 report those as OOM).
 */
export function isOutOfMemory(termination: SeenTermination | undefined): boolean {
  return termination?.reason === 'OOMKilled';
}

/** The kubelet lost sight of it and made the code (137) up. */
export function isStatusUnknown(termination: SeenTermination | undefined): boolean {
  return termination?.reason === 'ContainerStatusUnknown';
}

/** What the code says beside its number: `app error`, `SIGSEGV: segmentation fault`; '' where nobody agrees on a meaning. */
export function exitMeaning(termination: Pick<SeenTermination, 'exitCode' | 'reason' | 'signal'>): string {
  if (termination.reason === 'OOMKilled') return 'out of memory';
  if (termination.reason === 'ContainerStatusUnknown') return 'the node lost track of it';
  const signal = signalOf(termination);
  if (signal === undefined) return CODES[termination.exitCode] ?? '';
  const known = SIGNALS[signal];
  return known ? `${known[0]}: ${known[1]}` : `signal ${signal}`;
}

/** `exit code 1 (app error)`, `exit code 137 (SIGKILL: …)`, `exit code 42`. */
export function exitText(termination: Pick<SeenTermination, 'exitCode' | 'reason' | 'signal'>): string {
  const meaning = exitMeaning(termination);
  return meaning === '' ? `exit code ${termination.exitCode}` : `exit code ${termination.exitCode} (${meaning})`;
}

function signalOf({ exitCode, signal }: Pick<SeenTermination, 'exitCode' | 'signal'>): number | undefined {
  if (signal !== undefined && signal > 0) return signal;
  // 64 real-time signals are the last ones; above that the program chose its own code.
  return exitCode > 128 && exitCode <= 192 ? exitCode - 128 : undefined;
}

const LINE_CHARS = 140;

/**
 * The last line that says something of a termination or waiting message (a program's last words are usually its reason), without
 * secrets, shortened for a phone; '' for none.
 */
export function lastWords(message: string): string {
  const line = message
    .trim()
    .split('\n')
    .map((text) => text.trim())
    .findLast((text) => /[\p{L}\p{N}]/u.test(text));
  return line === undefined ? '' : shortened(redactText(line));
}

/** At most about 140 characters, cut at the end, in one line. */
export function shortened(text: string, chars = LINE_CHARS): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= chars ? line : `${line.slice(0, chars - 1).trimEnd()}…`;
}
