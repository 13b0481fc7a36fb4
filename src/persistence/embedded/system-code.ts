/**
 * Whether an error of the operating system, of a connection or of PostgreSQL has one of these codes, e.g. 'ENOENT'. Looks at the code only:
 * an error that crossed a realm (worker, vm) is no instance of our Error.
 */
export const hasSystemCode = (error: unknown, ...codes: readonly string[]): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  typeof error.code === 'string' &&
  codes.includes(error.code);
