import { AppError } from '../errors/app-error.js';

/** SQLSTATEs that mean "the server is not there for you now": connection, resources, operator intervention. */
const UNAVAILABLE_STATES = /^(08|53|57P)/;
/** 08P01, a protocol violation, is what a wrong number of parameters is called: a mistake of ours. */
const NOT_UNAVAILABLE_STATES = new Set(['08P01']);
const UNAVAILABLE_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Of a socket that is not there, or that a server which stands still has too many waiting at; said of a file they mean something else. */
const UNAVAILABLE_SOCKET_CODES = new Set(['ENOENT', 'EAGAIN']);
/** pg reports a lost connection, a timeout and an exhausted or closed pool by message alone. */
const UNAVAILABLE_MESSAGES =
  /connection terminated|timeout expired|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|cannot use a pool after calling end/i;

/** About how long a restart or a fail-over takes, from one try of ours to the next. */
const RETRY_AFTER_MS = 1_000;

/** Nothing was accepted; the same again works once the database is back. */
export const databaseUnavailable = (why: string, cause?: unknown): AppError =>
  new AppError('database_unavailable', `The database ${why}; try again.`, { retryAfterMs: RETRY_AFTER_MS, cause });

/** Whether something failed because the database was away. */
export const isDatabaseUnavailable = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'database_unavailable';

/** Deadlock, lock not available, serialization: nothing was written, and the next try may well succeed. */
const TRANSIENT_STATES = ['40P01', '55P03', '40001'] as const;

/** Whether a statement failed by chance: because of others who were at work at the same time. */
export const isTransient = (error: unknown): boolean => TRANSIENT_STATES.some((state) => hasSqlState(error, state));

/** Data exception, integrity constraint violation: the same content will never be taken. */
const REFUSED_STATES = /^2[23]/;

/** Whether a statement failed for what it would have written. */
export const isRefused = (error: unknown): boolean => {
  const code = codeOf(error);
  return code?.length === 5 && REFUSED_STATES.test(code);
};

/** Turns "database away" into AppError database_unavailable; any other error stays as it is. */
export function databaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  return isUnavailable(error) ? databaseUnavailable('is not reachable', error) : error;
}

/** Whether a statement failed with this SQLSTATE, e.g. '23505' for a broken unique constraint. */
export const hasSqlState = (error: unknown, sqlState: string): boolean => codeOf(error) === sqlState;

/** The name of the constraint that a statement broke, if it broke one. */
export function brokenConstraint(error: unknown): string | undefined {
  const constraint = fieldOf(error, 'constraint');
  return typeof constraint === 'string' ? constraint : undefined;
}

function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && UNAVAILABLE_SYSTEM_CODES.has(code)) return true;
  if (code !== undefined && UNAVAILABLE_SOCKET_CODES.has(code)) return fieldOf(error, 'syscall') === 'connect';
  if (code?.length === 5) return UNAVAILABLE_STATES.test(code) && !NOT_UNAVAILABLE_STATES.has(code);
  const message = fieldOf(error, 'message');
  return typeof message === 'string' && UNAVAILABLE_MESSAGES.test(message);
}

function codeOf(error: unknown): string | undefined {
  const code = fieldOf(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

/** Not by instanceof: an error that crossed a realm (worker, vm), as those of node:net may, is no instance of our Error. */
function fieldOf(error: unknown, field: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
}
