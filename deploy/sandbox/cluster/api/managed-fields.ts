import type { ManagedFieldsEntry, Obj } from '../object.ts';
import { changedPaths, type FieldSet, fieldsOf, fromFieldsV1, toFieldsV1 } from '../patch/field-set.ts';

export interface Writer {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  subresource?: string | undefined;
}

/**
 * Records who changed what, as `metadata.managedFields` of `after`, in place: the writer gains the fields it changed, everybody else
 * loses them, and fields that are gone belong to nobody.
 */
export function recordUpdate(before: Obj | undefined, after: Obj, writer: Writer): void {
  const which = writer.subresource === 'status' ? 'status' : 'main';
  const newFields = fieldsOf(after, which);
  const changed = new Set(changedPaths(before ? fieldsOf(before, which) : new Map(), newFields));
  const present = which === 'status' ? undefined : newFields;
  const entries: ManagedFieldsEntry[] = [];
  let own: ManagedFieldsEntry | undefined;
  for (const entry of before?.metadata.managedFields ?? []) {
    const isOwn = isBy(entry, writer);
    const paths = fromFieldsV1(entry.fieldsV1);
    const kept = [...paths].filter((path) => (isOwn || !changed.has(path)) && stillThere(path, present, entry));
    if (isOwn) own = { ...entry, ...(changed.size > 0 ? { time: writer.time } : {}) };
    if (isOwn) for (const path of changed) kept.push(path);
    if (kept.length > 0) entries.push({ ...(isOwn ? (own as ManagedFieldsEntry) : entry), fieldsV1: toFieldsV1(kept) });
  }
  if (!own && changed.size > 0) entries.push(entryFor(writer, changed));
  if (entries.length > 0) after.metadata.managedFields = entries;
  else delete after.metadata.managedFields;
}

/** A cheap entry for in-house controllers' status writes: it says who and when, not which field. */
export function recordStatus(after: Obj, writer: Writer): void {
  const others = (after.metadata.managedFields ?? []).filter((entry) => !isBy(entry, writer));
  after.metadata.managedFields = [...others, entryFor({ ...writer, subresource: 'status' }, ['f:status'])];
}

export function entryFor(writer: Writer, paths: Iterable<string>): ManagedFieldsEntry {
  return {
    manager: writer.manager,
    operation: writer.operation,
    apiVersion: writer.apiVersion,
    time: writer.time,
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(paths),
    ...(writer.subresource ? { subresource: writer.subresource } : {}),
  };
}

export function isBy(entry: ManagedFieldsEntry, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    (entry.subresource ?? '') === (writer.subresource ?? '') &&
    entry.apiVersion === writer.apiVersion
  );
}

function stillThere(path: string, present: FieldSet | undefined, entry: ManagedFieldsEntry): boolean {
  // Status writers are not compared with the main fields, nor the other way round.
  if (present === undefined || entry.subresource === 'status') return true;
  return present.has(path);
}
