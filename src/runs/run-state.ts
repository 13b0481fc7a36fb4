import { isTerminalRunState, type RunState, type TerminalRunState } from '@goldenpath/protocol';
import { AppError } from '../errors/app-error.js';

/** The legal transitions of a run ([RN1]). To `pending` means: handed back to the queue at a checkpoint. */
const LEGAL = {
  pending: ['starting', 'cancelled', 'dead'],
  starting: ['running', 'failed', 'timeout', 'dead', 'cancelled', 'pending'],
  running: ['completing', 'failed', 'timeout', 'dead', 'cancelled', 'pending'],
  completing: ['completed', 'failed', 'timeout', 'dead', 'pending'],
  completed: [],
  failed: [],
  timeout: [],
  dead: [],
  cancelled: [],
} as const satisfies Record<RunState, readonly RunState[]>;

export const isLegalTransition = (from: RunState, to: RunState): boolean => LEGAL[from].some((state) => state === to);

/** Throws invalid_state when a run may not go from one state to the other; terminal states go nowhere. */
export function assertTransition(from: RunState, to: RunState): void {
  if (isLegalTransition(from, to)) return;
  const why = isTerminalRunState(from) ? 'it is over' : `from ${from} it can go to ${LEGAL[from].join(', ')}`;
  throw new AppError('invalid_state', `A run can't go from ${from} to ${to}: ${why}.`, {
    details: { state: from, from, to },
  });
}

/** The states from which a run may go to this one, for the WHERE of an UPDATE. */
export const statesBefore = (to: RunState): RunState[] =>
  (Object.keys(LEGAL) as RunState[]).filter((from) => isLegalTransition(from, to));

/**
 * The states in which a run may end as this one. A run that completes passes through `completing` inside the one statement
 * that ends it: nobody has to see it there, and a row is written once.
 */
export const statesThatEndAs = (state: TerminalRunState): RunState[] =>
  state === 'completed' ? [...statesBefore('completing'), ...statesBefore(state)] : statesBefore(state);
