import type { AgentStatus } from '@goldenpath/protocol';
import { AppError } from '../errors/app-error.js';
import { RunCancelled } from '../context/run-stop.js';

/** How an agent ends that did not finish. `error` is what agent_error says; a cancellation is none. */
export interface Exit {
  readonly status: Exclude<AgentStatus, 'completed' | 'dead'>;
  readonly error?: AppError;
}

/** Reads a thrown value: cancelled, timeout or failed. What is not an AppError becomes `internal`. */
export function exitOf(thrown: unknown): Exit {
  if (thrown instanceof RunCancelled) return { status: 'cancelled' };
  if (thrown instanceof AppError) {
    return { status: thrown.code === 'run_timeout' ? 'timeout' : 'failed', error: thrown };
  }
  return {
    status: 'failed',
    error: new AppError('internal', 'The agent failed unexpectedly.', { cause: thrown }),
  };
}
