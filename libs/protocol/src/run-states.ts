/** The nine states of a run; the last five are terminal. */
export const RUN_STATES = [
  'pending',
  'starting',
  'running',
  'completing',
  'completed',
  'failed',
  'timeout',
  'dead',
  'cancelled',
] as const;

export type RunState = (typeof RUN_STATES)[number];

export const TERMINAL_RUN_STATES = ['completed', 'failed', 'timeout', 'dead', 'cancelled'] as const;

export type TerminalRunState = (typeof TERMINAL_RUN_STATES)[number];

export function isTerminalRunState(state: RunState): state is TerminalRunState {
  return TERMINAL_RUN_STATES.some((terminal) => terminal === state);
}

/** How an agent ended: the `status` of agent_completed. A run ends as its root agent does. */
export const AGENT_STATUSES = TERMINAL_RUN_STATES;

export type AgentStatus = TerminalRunState;
