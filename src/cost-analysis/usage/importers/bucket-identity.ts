import type { Fields } from './field-reader.js';

/**
 * What makes a bucket, or a line of a bill, the same one, wherever it was exported: its time and what it is of. Its counts and amount are no
 * part of it: one that was not over comes again with larger ones, and must not become a second one.
 */
export const bucketIdentity = <Field extends string>(
  fields: Pick<Fields<Field>, 'text'>,
  time: readonly (Date | string | undefined)[],
  dimensions: readonly Field[],
): string => JSON.stringify([...time, ...dimensions.map((dimension) => fields.text(dimension) ?? null)]);
