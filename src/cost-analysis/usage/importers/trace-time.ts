import { RejectedRow } from '../rejected-row.js';
import { timeOf } from './field-values.js';

/** Public traces count from their own start, and don't say when that was: they are put here, so that the same file gives the same rows. */
const TRACE_START = Date.UTC(2024, 0, 1);
/** Larger numbers are no longer "since the start": a year in milliseconds, or a time since 1970 in seconds. */
const RELATIVE_MAX = { s: 1e9, ms: 1e11 } as const;

/** The moment of a trace row: a number counts from the start of the trace, in this unit; anything else is a time as everywhere. */
export function traceTime(value: unknown, unit: 's' | 'ms'): Date {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !(number < RELATIVE_MAX[unit])) {
    if (value === undefined) throw new RejectedRow('the time is empty');
    return timeOf(value, 'time');
  }
  if (number < 0) throw new RejectedRow(`the time is negative: ${number}`);
  return new Date(TRACE_START + Math.round(number * (unit === 's' ? 1_000 : 1)));
}
