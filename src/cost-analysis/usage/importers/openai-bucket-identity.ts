const DIMENSIONS = ['model', 'project', 'user', 'apiKey', 'batch', 'serviceTier'] as const;

interface BucketOf {
  readonly tsStart: Date;
  readonly tsEnd: Date | undefined;
  readonly operation: string | undefined;
}

/**
 * What makes a bucket of OpenAI's usage the same bucket, from the API as from the dashboard. Its counts are no part of it: a bucket that was
 * not over comes again with larger ones, and must not become a second bucket.
 */
export function openaiBucketIdentity(
  text: (dimension: (typeof DIMENSIONS)[number]) => string | undefined,
  { tsStart, tsEnd, operation }: BucketOf,
): string {
  return JSON.stringify([tsStart, tsEnd, operation, ...DIMENSIONS.map((name) => text(name) ?? null)]);
}
