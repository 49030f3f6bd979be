import { nameToType } from '../access/gate.ts';
import type { ButtonPress, ModalAnswer, ModalSubmission } from '../chat/invocation.ts';
import type { Modal, Part } from '../chat/message.ts';
import { asShipmateError, type ShipmateError } from '../errors.ts';
import type { ChangeRecord } from './change.ts';
import { confirmed, type DecideDeps, decideChange } from './decide-change.ts';
import type { Met } from './door.ts';
import { castVote, subjectOf } from './votes.ts';

const TYPED = 'confirm-typed';
const DENY = 'deny-comment';
const NAME = 'name';
const COMMENT = 'comment';

/** Asks the requester to type what would be destroyed. Pure. */
export function typedDialog(record: ChangeRecord): Modal {
  const { plan } = record;
  const name = nameToType(plan);
  const place = [plan.cluster ?? `etcd ${plan.etcd}`, plan.isProduction ? '(PROD)' : '', plan.namespace ?? ''];
  return {
    callback: TYPED,
    subject: `${record.id}.${record.generation}`,
    title: 'This destroys things',
    submit: 'Do it',
    parts: [
      { kind: 'text', spans: [plan.summary] },
      { kind: 'text', spans: [{ bold: place.filter(Boolean).join(' ') }] },
      ...(plan.changes.length > 0 ? [{ kind: 'diff', entries: plan.changes } satisfies Part] : []),
    ],
    fields: [
      {
        name: NAME,
        label: plan.targets.length > 1 ? `Type the number of objects: ${name}` : `Type the name: ${name}`,
        placeholder: name,
      },
    ],
  };
}

/** Asks for the words that go with a no. Pure. */
export function denyDialog(record: ChangeRecord): Modal {
  return {
    callback: DENY,
    subject: `${record.id}.${record.generation}`,
    title: 'Deny this change',
    submit: 'Deny',
    parts: [{ kind: 'text', spans: [record.plan.summary] }],
    fields: [{ name: COMMENT, label: 'Why', optional: true, hint: 'Stands on the card and in the audit log.' }],
  };
}

export interface DialogDeps extends DecideDeps {
  /** Who submits: asked of Slack anew. */
  meet(submission: ModalSubmission): Promise<Met>;
  /** A refusal, for the audit. */
  refused(
    about: Pick<ButtonPress, 'person'> & { readonly id: string; readonly action: string },
    error: ShipmateError,
  ): void;
}

/**
 * What was submitted is decided before Slack hears of it, so that what is wrong can stand on the field. The store's own compare-and-set makes
 * a repetition harmless.
 * @throws what is not the person's to mend (etcd away): the dialog then says that it was not confirmed.
 */
export async function handleSubmission(submission: ModalSubmission, deps: DialogDeps): Promise<ModalAnswer> {
  const { callback, person, values } = submission;
  const id = subjectOf({ value: submission.subject });
  const field = callback === DENY ? COMMENT : NAME;
  try {
    const { refusal } = await deps.meet(submission);
    if (refusal) throw refusal;
    if (callback === DENY) await castVote(id, person, 'deny', values[COMMENT]?.trim() || undefined, deps);
    else if (callback === TYPED) {
      const record = (await deps.changes.get(id))?.value;
      const name = record && nameToType(record.plan);
      if (name !== undefined && values[NAME]?.trim() !== name)
        return { errors: { [NAME]: `This is not it. Type ${name} to go on; nothing has been changed.` } };
      await decideChange(id, { action: 'confirm', person }, deps, confirmed);
    }
    return { close: true };
  } catch (thrown) {
    const error = asShipmateError(thrown);
    if (error.retryable) throw thrown;
    deps.refused({ id, person, action: callback }, error);
    return { errors: { [field]: [error.message, error.hint].filter(Boolean).join(' ') } };
  }
}
