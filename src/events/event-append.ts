/** Which attempt at a run writes: the epoch fences every other one off. */
export interface RunFence {
  readonly runId: string;
  readonly epoch: number;
}

/** An event on its way into the log. `payload` is the frame's text without seq. */
export interface NewEvent {
  readonly eventId: string;
  readonly type: string;
  readonly payload: string;
}

/** The row of a finished tool call, written in the transaction of its tool_completed. JSON fields are texts. */
export interface ToolCallRow {
  readonly id: string;
  readonly path: string;
  readonly tool: string;
  readonly conversation: number;
  readonly parameters: string;
  readonly success: boolean;
  readonly result: string | null;
  readonly error: string | null;
  readonly retryOf: string | null;
  readonly executionTimeMs: number;
}

/** The checkpoint of a finished agent, written in the transaction of its agent_completed. */
export interface AgentResultRow {
  readonly path: string;
  readonly agent: string;
  readonly status: string;
  readonly result: string;
  readonly attempt: number;
  readonly executionTimeMs: number;
}

/** Rows that become true together with an event. */
export interface EventEffects {
  readonly toolCall?: ToolCallRow;
  readonly agentResult?: AgentResultRow;
}

/** One event of one run, with what becomes true together with it. */
export interface Append {
  readonly fence: RunFence;
  readonly threadId: string;
  readonly userId: string;
  readonly event: NewEvent;
  readonly effects?: EventEffects | undefined;
}
