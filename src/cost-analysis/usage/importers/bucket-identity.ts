import type { Fields } from './field-reader.js';

/**
 * What makes a bucket, or a line of a bill, the same one, wherever it was exported: its time and what it is of. Its counts and amount are no
 * part of it: one that was not over comes again with larger ones, and must not become a second one. `further` are columns that an export need not
 * have: where one is empty, the bucket is the same as in an export without it.
 */
export const bucketIdentity = <Field extends string>(
  fields: Pick<Fields<Field>, 'text'>,
  time: readonly (Date | string | undefined)[],
  { dimensions, further = [] }: BucketKey<Field>,
): string =>
  JSON.stringify([
    ...time,
    ...dimensions.map((dimension) => fields.text(dimension) ?? null),
    ...further.flatMap((name) => {
      const text = fields.text(name);
      return text === undefined ? [] : [`${name}: ${text}`];
    }),
  ]);

export interface BucketKey<Field extends string> {
  readonly dimensions: readonly Field[];
  readonly further?: readonly Field[];
}
