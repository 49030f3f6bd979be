import { redactText } from './text.ts';

/** The very same error, which may be of a kind that decides about a retry, with its message, its stack and its causes cleaned in place. */
export function redactError(thrown: unknown): unknown {
  let error = thrown;
  for (let depth = 0; error instanceof Error && depth < 8 && !Object.isFrozen(error); depth++) {
    const { message, stack } = error;
    error.message = redactText(message);
    if (stack !== undefined) error.stack = redactText(stack);
    error = error.cause;
  }
  return thrown;
}
