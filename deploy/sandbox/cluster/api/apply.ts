import { clone, isMap, isSame, type Json, type ManagedFieldsEntry, type Obj } from '../object.ts';
import { fieldsOf, fromFieldsV1, readablePath, removePath } from '../patch/field-set.ts';
import { isSet, mapKeysOf } from '../patch/list-keys.ts';
import { ApiError } from '../status.ts';
import { entryFor, isBy, type Writer } from './managed-fields.ts';

/**
 * Server-side apply: merges what the manager wants into the live object, removes what it owned and no longer wants, and remembers
 * its ownership. A field that somebody else owns with another value is a conflict unless `force` takes it over.
 * @throws ApiError 409 with one cause per conflicting field.
 */
export function applyConfiguration(live: Obj, wanted: Obj, writer: Writer, force: boolean): Obj {
  const which = writer.subresource === 'status' ? 'status' : 'main';
  const liveFields = fieldsOf(live, which);
  const wantedFields = fieldsOf(wanted, which);
  const entries = live.metadata.managedFields ?? [];
  const others = entries.filter((entry) => !isBy(entry, writer));

  const conflicts = others.map((entry) => ({
    entry,
    paths: [...fromFieldsV1(entry.fieldsV1)].filter(
      (path) =>
        wantedFields.has(path) && !path.endsWith('\n.') && !isSame(wantedFields.get(path), liveFields.get(path)),
    ),
  }));
  const lost = conflicts.filter((conflict) => conflict.paths.length > 0);
  if (lost.length > 0 && !force) throw conflictError(lost);

  const merged = merge(live, wanted, undefined, undefined) as Obj;
  const before = entries.find((entry) => isBy(entry, writer));
  const ownedByOthers = new Set(others.flatMap((entry) => [...fromFieldsV1(entry.fieldsV1)]));
  const given = before ? [...fromFieldsV1(before.fieldsV1)].filter((path) => !wantedFields.has(path)) : [];
  // Items go after their fields, so that an item somebody else still owns a field of survives.
  for (const path of given.sort((a, b) => b.length - a.length)) {
    const item = path.endsWith('\n.') ? path.slice(0, -1) : undefined;
    const isShared = item ? [...ownedByOthers].some((other) => other.startsWith(item)) : ownedByOthers.has(path);
    if (!isShared) removePath(merged, path);
  }

  const taken = new Set(lost.flatMap((conflict) => conflict.paths));
  const kept: ManagedFieldsEntry[] = [];
  for (const entry of others) {
    const paths = [...fromFieldsV1(entry.fieldsV1)].filter((path) => !taken.has(path));
    if (paths.length > 0) kept.push(entryFor({ ...writerOf(entry), time: entry.time ?? writer.time }, paths));
  }
  const mine = entryFor(writer, wantedFields.keys());
  if (before && isSame(before.fieldsV1, mine.fieldsV1) && isSame(withoutManagers(live), withoutManagers(merged))) {
    return live;
  }
  merged.metadata.managedFields = [...kept, mine];
  return merged;
}

function withoutManagers(object: Obj): Json {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function writerOf(entry: ManagedFieldsEntry): Writer {
  return {
    manager: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    time: entry.time ?? '',
    subresource: entry.subresource,
  };
}

function merge(live: Json, wanted: Json, field: string | undefined, parent: string | undefined): Json {
  if (Array.isArray(wanted)) {
    const current = Array.isArray(live) ? live : [];
    if (field !== undefined && isSet(field)) return [...new Set([...current, ...wanted])];
    const keys = field === undefined ? undefined : mapKeysOf(field, parent);
    if (!keys) return clone(wanted);
    const out = [...current];
    const idOf = (item: Json): string => keys.map((key) => item[key] ?? (key === 'protocol' ? 'TCP' : '')).join('\n');
    for (const item of wanted) {
      const at = out.findIndex((existing) => idOf(existing) === idOf(item));
      if (at >= 0) out[at] = merge(out[at], item, undefined, field);
      else out.push(clone(item));
    }
    return out;
  }
  if (!isMap(wanted)) return clone(wanted);
  const out: Record<string, Json> = isMap(live) ? { ...live } : {};
  for (const [key, value] of Object.entries(wanted)) {
    if (value === null || value === undefined) continue;
    if (parent === undefined && field === 'metadata' && key === 'managedFields') continue;
    out[key] = merge(out[key], value, key, field ?? parent);
  }
  return out;
}

function conflictError(lost: { entry: ManagedFieldsEntry; paths: string[] }[]): ApiError {
  const count = lost.reduce((sum, conflict) => sum + conflict.paths.length, 0);
  const texts = lost.map(({ entry, paths }) => {
    const fields = paths.map(readablePath);
    return fields.length === 1
      ? `conflict with ${nameOf(entry)}: ${fields[0]}`
      : `conflicts with ${nameOf(entry)}:\n${fields.map((field) => `- ${field}`).join('\n')}`;
  });
  const causes = lost.flatMap(({ entry, paths }) =>
    paths.map((path) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${nameOf(entry)}`,
      field: readablePath(path),
    })),
  );
  const message = `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: ${texts.join('\n')}`;
  return new ApiError(409, 'Conflict', message, { causes });
}

function nameOf(entry: ManagedFieldsEntry): string {
  const base = entry.subresource ? `"${entry.manager}" with subresource "${entry.subresource}"` : `"${entry.manager}"`;
  return entry.operation === 'Update' ? `${base} using ${entry.apiVersion}` : base;
}
