import { humanDuration } from '../time.ts';
import type { KubeObject, Resource } from './cluster.ts';

/** A server-side table (`meta.k8s.io` Table), or what we made of plain objects where the server has none. */
export interface ServerTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}
export interface TableColumn {
  readonly name: string;
  /** 0 is always shown, higher ones with `-o wide`. */
  readonly priority: number;
}
export interface TableRow {
  readonly cells: readonly unknown[];
  /** At least the object's metadata. */
  readonly object: KubeObject;
}

/** The shapes a list or a single object may be answered in. */
export interface TableAnswer {
  readonly kind?: string;
  readonly columnDefinitions?: readonly { readonly name: string; readonly priority?: number }[];
  readonly rows?: readonly { readonly cells: readonly unknown[]; readonly object?: KubeObject }[] | null;
  readonly items?: readonly KubeObject[] | null;
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string; readonly name?: string };
}

/** An answer as a table; plain objects become NAME and AGE, as kubectl does for servers without tables. */
export function tableOf(answer: TableAnswer, now: number): ServerTable {
  if (answer.kind === 'Table')
    return {
      columns: (answer.columnDefinitions ?? []).map(({ name, priority }) => ({ name, priority: priority ?? 0 })),
      rows: (answer.rows ?? []).map(({ cells, object }) => ({ cells, object: object ?? { metadata: {} } })),
    };
  const objects = answer.items ?? (answer.metadata?.name === undefined ? [] : [answer as KubeObject]);
  return {
    columns: [
      { name: 'Name', priority: 0 },
      { name: 'Age', priority: 0 },
    ],
    rows: objects.map((object) => ({ cells: [object.metadata.name ?? '', ageOf(object, now)], object })),
  };
}

export interface Layout {
  /** `-A`: a NAMESPACE column first. */
  readonly namespaces: boolean;
  /** `-L`: one column for each label key. */
  readonly labelColumns: readonly string[];
  /** `--show-labels`: all labels last. */
  readonly labels: boolean;
  /** Several types were asked for: names become `deployment.apps/web`. */
  readonly prefix?: string;
}

/** Columns with upper-case headers and rows of text, as kubectl's printer lays them out. */
export function layOut(
  table: ServerTable,
  layout: Layout,
): { columns: readonly TableColumn[]; rows: readonly (readonly string[])[] } {
  const nameAt = Math.max(
    table.columns.findIndex((column) => column.name.toLowerCase() === 'name'),
    0,
  );
  const columns = [
    ...(layout.namespaces ? [{ name: 'NAMESPACE', priority: 0 }] : []),
    ...table.columns.map(({ name, priority }) => ({ name: name.toUpperCase(), priority })),
    ...layout.labelColumns.map((key) => ({ name: (key.split('/').at(-1) as string).toUpperCase(), priority: 0 })),
    ...(layout.labels ? [{ name: 'LABELS', priority: 0 }] : []),
  ];
  const rows = table.rows.map(({ cells, object }) => [
    ...(layout.namespaces ? [object.metadata.namespace ?? ''] : []),
    ...table.columns.map((_, index) => {
      const text = cellText(cells[index]);
      return index === nameAt && layout.prefix !== undefined ? `${layout.prefix}/${text}` : text;
    }),
    ...layout.labelColumns.map((key) => cellText(object.metadata.labels?.[key])),
    ...(layout.labels ? [labelsText(object.metadata.labels)] : []),
  ]);
  return { columns, rows };
}

/**
 * One cell as kubectl prints it: nothing for null, cut with `...` at the first line break, terminal escapes made visible
 * (`kubectl` `printers.TableGenerator`, `printers.WriteEscaped`).
 */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  const end = value.search(/[\n\r\f]/);
  const line = end < 0 ? value : `${value.slice(0, end)}...`;
  return line.replaceAll('\u001b', '^[');
}

/** `a=1,b=2` sorted by key, or `<none>`. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? '<none>' : pairs.map(([key, value]) => `${key}=${value}`).join(',');
}

/** `deployment.apps` or `pod`: what stands before the name where several types are listed. */
export function typePrefix(resource: Pick<Resource, 'kind' | 'group'>): string {
  const kind = resource.kind.toLowerCase();
  return resource.group === '' ? kind : `${kind}.${resource.group}`;
}

function ageOf(object: KubeObject, now: number): string {
  const created = Date.parse(object.metadata.creationTimestamp ?? '');
  return Number.isNaN(created) ? '<unknown>' : humanDuration(now - created);
}
