/**
 * What a container's end means, in words. The code alone misleads: 137 is out of memory only where the API says `OOMKilled`, and after a
 * lost node it means nothing at all.
 * @param reason the API's own word of the termination.
 */
export function exitMeaning(exitCode: number, reason = '', signal?: number): string {
  const byReason = BY_REASON[reason];
  if (byReason !== undefined) return byReason;
  if (exitCode === 0 && !signal) return 'ended without an error';
  const found = BY_CODE[exitCode];
  if (found !== undefined) return found;
  const number = signal || (exitCode > 128 && exitCode < 160 ? exitCode - 128 : undefined);
  if (number !== undefined) return `killed by signal ${SIGNALS[number] ?? number}`;
  return 'the program ended itself with an error';
}

const BY_REASON: Readonly<Record<string, string>> = {
  OOMKilled: 'used more memory than its limit and was killed by the kernel',
  ContainerStatusUnknown: 'the node lost it: how it ended is not known',
  ContainerCannotRun: 'could not be started: its command or its mounts are wrong',
  StartError: 'could not be started: its command or its mounts are wrong',
  DeadlineExceeded: 'ran longer than its deadline',
  Evicted: 'the node was short of something and evicted its pod',
};

const BY_CODE: Readonly<Record<number, string>> = {
  2: 'wrong usage of a command, or a panic of a Go program',
  126: 'its command is there but cannot be executed: permissions or architecture',
  127: 'its command is not in the image',
  128: 'could not be started',
  134: 'aborted itself (SIGABRT): a failed assertion or a runtime out of memory',
  137: 'killed by SIGKILL from outside: a failed liveness probe, a grace period that ran out, or the node; not its own memory limit, says the API',
  139: 'crashed in native code (SIGSEGV)',
  143: 'was asked to stop (SIGTERM)',
  255: 'the program ended itself with -1, or its runtime failed',
};

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
};
