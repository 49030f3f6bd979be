import { UsageError } from '../errors.ts';
import type { ArgWord } from './argv.ts';

/** A normalised word as `chat/text` makes it, with what needs a decision that depends on the command. */
export interface LineWord extends ArgWord {
  /** An auto-link whose label is not its address: somebody may be meant to see one thing and run another. */
  readonly mismatch?: { readonly url: string; readonly label: string } | undefined;
  readonly reference?: { readonly kind: string; readonly id: string; readonly label?: string | undefined } | undefined;
}

/**
 * The words of a line for a command of this risk. A mention of a person is taken after `--user`, as `<@U…>`; a read follows a link's address, which stands in the text, a change refuses a link that says something else.
 * @throws UsageError for such links in changes, and for people or channels where no command takes them.
 */
export function wordsFor(words: readonly LineWord[], risk: 'read' | 'change'): ArgWord[] {
  return words.map((word, index) => {
    const takesPerson = word.reference?.kind === 'user' && words[index - 1]?.text === '--user';
    if (word.reference && !takesPerson) {
      throw new UsageError(`A mention of ${word.reference.label ?? word.reference.id} does not belong here.`, {
        hint: 'Type the name as plain text.',
      });
    }
    if (!word.mismatch) return { text: word.text };
    if (risk === 'change') {
      throw new UsageError(`The link "${word.mismatch.label}" points to "${word.mismatch.url}".`, {
        hint: 'Type the text you mean without a link.',
      });
    }
    return { text: word.text };
  });
}
