import { UsageError } from '../errors.ts';
import { quantityOf } from './quantity.ts';
import type { TableRow } from './table.ts';

/**
 * The keys of a `--sort-by` expression: `.a.b`, `a.b`, `{.a.b}`, `.a[0].b`, `.metadata.labels.app\.kubernetes\.io/name`.
 * @throws UsageError for filters, wildcards and anything else of JSONPath.
 */
export function sortPath(expression: string): readonly string[] {
  const inner = expression.replace(/^\{(.*)\}$/, '$1').replace(/^\$?\.?/, '');
  const keys = inner.match(/(?:\\.|[^.[\]\\])+|\[\d+\]/g) ?? [];
  if (keys.length === 0 || /[*?@()]|\[[^\d]/.test(inner))
    throw new UsageError(`error: --sort-by cannot follow ${JSON.stringify(expression)}.`, {
      hint: 'Write a path to one field, such as .metadata.creationTimestamp or .status.containerStatuses[0].restartCount.',
    });
  return keys.map((key) => key.replace(/^\[(\d+)\]$/, '$1').replaceAll(/\\(.)/g, '$1'));
}

/**
 * Rows in the order of one field; rows without it come first. Numbers by value, quantities (`100m`, `2Gi`) by what they amount to, other
 * text by its characters (RFC 3339 times thereby by time). Rows that compare equal keep their order.
 * @throws UsageError when no row has the field, or when it is not a single value.
 */
export function sortRows(rows: readonly TableRow[], expression: string): readonly TableRow[] {
  const path = sortPath(expression);
  const keyed = rows.map((row) => ({ row, value: valueAt(row.object, path) }));
  if (rows.length > 0 && keyed.every(({ value }) => value === undefined))
    throw new UsageError(`error: no object has the field ${expression}.`, {
      hint: 'Check the path: field names are case-sensitive, such as .metadata.creationTimestamp.',
    });
  if (keyed.some(({ value }) => value !== null && typeof value === 'object'))
    throw new UsageError(`error: ${expression} is not a single value, so nothing can be sorted by it.`, {
      hint: 'Name a field inside it.',
    });
  return keyed.sort((a, b) => compare(a.value, b.value)).map(({ row }) => row);
}

function valueAt(object: unknown, path: readonly string[]): unknown {
  let value = object;
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function compare(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  const [leftAmount, rightAmount] = [quantityOf(left), quantityOf(right)];
  if (leftAmount !== undefined && rightAmount !== undefined) return leftAmount - rightAmount;
  return left < right ? -1 : left > right ? 1 : 0;
}
