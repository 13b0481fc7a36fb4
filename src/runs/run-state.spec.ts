import { describe, expect, it } from '@jest/globals';
import { isTerminalRunState, RUN_STATES, type RunState } from '@goldenpath/protocol';
import { assertTransition, isLegalTransition, statesBefore, statesThatEndAs } from './run-state.js';

/** [RN1], word for word; "pending" as a target is "handed back". */
const LEGAL: Record<RunState, RunState[]> = {
  pending: ['starting', 'cancelled', 'dead'],
  starting: ['running', 'failed', 'timeout', 'dead', 'cancelled', 'pending'],
  running: ['completing', 'failed', 'timeout', 'dead', 'cancelled', 'pending'],
  completing: ['completed', 'failed', 'timeout', 'dead', 'pending'],
  completed: [],
  failed: [],
  timeout: [],
  dead: [],
  cancelled: [],
};

const pairs = RUN_STATES.flatMap((from) => RUN_STATES.map((to) => [from, to] as const));

describe('the states of a run', () => {
  it.each(pairs)('%s → %s is legal exactly if the requirements say so', (from, to) => {
    const legal = LEGAL[from].includes(to);
    expect(isLegalTransition(from, to)).toBe(legal);
    expect(statesBefore(to).includes(from)).toBe(legal);
    if (legal) expect(() => assertTransition(from, to)).not.toThrow();
    else
      expect(() => assertTransition(from, to)).toThrow(expect.objectContaining({ details: { state: from, from, to } }));
  });

  it('lets a run end by one legal transition, or complete by two at once', () => {
    expect(statesThatEndAs('failed')).toEqual(statesBefore('failed'));
    expect(statesThatEndAs('completed')).toEqual(['running', 'completing']);
  });

  it('has five terminal ones, which nothing leaves', () => {
    const terminal = RUN_STATES.filter(isTerminalRunState);
    expect(terminal).toEqual(['completed', 'failed', 'timeout', 'dead', 'cancelled']);
    for (const from of terminal) expect(RUN_STATES.filter((to) => isLegalTransition(from, to))).toEqual([]);
  });
});
