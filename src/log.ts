import { type DestinationStream, type Logger, pino } from 'pino';
import { redactText } from './redact/text.ts';

export type { Logger } from 'pino';

/** Where secrets could appear in a logged object; pino replaces the values, not the keys. */
const REDACTED_PATHS = [
  'token',
  'password',
  'secret',
  'authorization',
  '*.token',
  '*.password',
  '*.secret',
  '*.authorization',
  'headers.authorization',
];

/**
 * The process's logger: JSON lines on stdout. Messages are constant sentences; the facts go beside them as fields. Values of fields
 * that are called a secret, and whatever looks like one anywhere in the line, are hidden.
 * @param level pino's level names (`trace` … `fatal`, `silent`).
 * @param stream where the lines go; tests pass an array-backed one.
 */
export function createLogger(level: string, stream?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    // The finished line, so that messages, errors, stacks and fields of any depth pass alike.
    hooks: { streamWrite: redactText },
  };
  return stream ? pino(options, stream) : pino(options);
}
