import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  readonly timeoutMs?: number;
  /** What was waited for: the text of the error. */
  readonly message: string;
}

const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;

type Truthy<Value> = Exclude<Value, undefined | null | false | 0 | ''>;

/** Asks again and again until the condition gives something true, and answers that. An error of the condition ends the wait. */
export async function until<Value>(
  condition: () => Value | Promise<Value>,
  { timeoutMs = 5_000, message }: UntilOptions,
): Promise<Truthy<Value>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const value = await condition();
    if (isTruthy(value)) return value;
    if (performance.now() > deadlineMs) throw new Error(`Waited ${timeoutMs} ms in vain: ${message}`);
    await pause(pauseMs);
  }
}

function isTruthy<Value>(value: Value): value is Value & Truthy<Value> {
  return Boolean(value);
}
