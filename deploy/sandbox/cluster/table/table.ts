import { humanDuration } from '../../../../src/time.ts';
import { toView } from '../api/views.ts';
import { isMap, type Json, type Obj } from '../object.ts';
import { groupVersionOf, type Resource } from '../resources.ts';
import type { World } from '../world.ts';
import { AGE, type Age, type Column, NAME } from './column.ts';
import { CORE_PRINTERS } from './core.ts';
import { evaluatePath } from './json-path.ts';
import { WORKLOAD_PRINTERS } from './workloads.ts';

const PRINTERS: Record<string, readonly Column[]> = { ...CORE_PRINTERS, ...WORKLOAD_PRINTERS };

/** The `meta.k8s.io/v1` Table that `kubectl get` prints. */
export function tableOf(
  world: World,
  resource: Resource,
  items: readonly Obj[],
  include: 'Metadata' | 'Object' | 'None',
  meta: object,
): Json {
  const columns = columnsOf(resource);
  const now = world.clock();
  const age: Age = (time) => (time ? humanDuration(now - Date.parse(time)) : '<unknown>');
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: meta,
    columnDefinitions: columns.map((column) => ({
      name: column.name,
      type: column.type ?? 'string',
      format: column.format ?? '',
      description: column.name === 'Name' ? 'Name must be unique within a namespace.' : column.name,
      priority: column.priority ?? 0,
    })),
    rows: items.map((item) => ({
      cells: columns.map((column) => column.cell(item, age) ?? null),
      ...rowConditions(resource, item),
      ...(include === 'None'
        ? { object: null }
        : { object: include === 'Object' ? full(resource, item) : partialOf(item) }),
    })),
  };
}

/** Finished pods are marked, so that clients can leave them out. */
function rowConditions(resource: Resource, item: Obj): Json {
  const phase = item.status?.phase;
  if (resource.key !== 'pods' || (phase !== 'Succeeded' && phase !== 'Failed')) return {};
  const message = phase === 'Succeeded' ? 'The pod has completed successfully.' : 'The pod failed.';
  return { conditions: [{ type: 'Completed', status: 'True', reason: phase, message }] };
}

function full(resource: Resource, item: Obj): Json {
  return { ...toView(resource, item), kind: resource.kind, apiVersion: groupVersionOf(resource) };
}

function partialOf(item: Obj): Json {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata };
}

function columnsOf(resource: Resource): readonly Column[] {
  if (!resource.custom)
    return (
      PRINTERS[resource.key] ?? [
        NAME,
        { name: 'Created At', type: 'date', cell: (object) => object.metadata.creationTimestamp },
      ]
    );
  if (resource.custom.columns.length === 0) return [NAME, { ...AGE, type: 'date' }];
  return [
    NAME,
    ...resource.custom.columns.map(
      (column): Column => ({
        name: column.name,
        type: column.type as NonNullable<Column['type']>,
        format: column.format ?? '',
        priority: column.priority ?? 0,
        cell: (object, age) => customCell(evaluatePath(object, column.jsonPath), column.type, age),
      }),
    ),
  ];
}

function customCell(values: Json[], type: string, age: Age): Json {
  const value = values[0];
  if (value === undefined || value === null) return null;
  if (type === 'date') return age(String(value));
  if (type === 'integer' || type === 'number') return typeof value === 'number' ? value : Number(value);
  if (type === 'boolean') return Boolean(value);
  if (values.length > 1) return values.map(String).join(',');
  return isMap(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
}
