import { z } from 'zod';
import { envSchema } from '../../src/config.ts';

/** One variable of the environment, as data. */
export interface Variable {
  readonly name: string;
  readonly section: string;
  readonly description: string;
  readonly example: string;
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  /** As one would type it. */
  readonly fallback: string | undefined;
}

/** In the order of the schema. */
export function variables(): Variable[] {
  return Object.entries(envSchema.shape).map(([name, schema]) => {
    const meta = schema.meta() ?? {};
    return {
      name,
      section: String(meta.section),
      description: meta.description ?? '',
      example: String(meta.example),
      isSecret: meta.secret === true,
      isRequired: !schema.safeParse(undefined).success,
      fallback: defaultOf(schema),
    };
  });
}

function defaultOf(schema: z.core.$ZodType): string | undefined {
  const result = z.safeParse(schema, undefined);
  if (!result.success || result.data === undefined) return undefined;
  return Array.isArray(result.data) ? result.data.join(',') : String(result.data);
}
