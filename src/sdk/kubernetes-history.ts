import { currentRevision, type Revision, revisionsOf } from '../kubernetes/revisions.ts';
import { imagesOf, templateOf } from '../kubernetes/template.ts';
import { templateDiff } from '../kubernetes/template-diff.ts';
import { checkUndo, type UndoEffect, undoLook, writeUndo } from '../kubernetes/undo.ts';

export type { Revision, UndoEffect };
/** What commands about the rollout history need from the Kubernetes room. */
export { checkUndo, currentRevision, imagesOf, revisionsOf, templateDiff, templateOf, undoLook, writeUndo };
