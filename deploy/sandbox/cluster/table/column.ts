import type { Json } from '../object.ts';

/** A column: name, type, priority (0 always, 1 only `-o wide`), and its cell. */
export interface Column {
  name: string;
  type?: 'string' | 'integer' | 'date' | 'boolean' | 'number';
  format?: string;
  priority?: number;
  cell: (object: Json, age: Age) => Json;
}

/** Prints how long ago an RFC 3339 time was, `<unknown>` when there is none. */
export type Age = (time: string | undefined | null) => string;

export const NAME: Column = { name: 'Name', format: 'name', cell: (object) => object.metadata.name };
export const AGE: Column = { name: 'Age', cell: (object, age) => age(object.metadata.creationTimestamp) };
