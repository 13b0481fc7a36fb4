import type { UnifiedWebSocketEmitter } from '../events/unified-websocket-emitter.js';
import type { Deadline } from '../tools/deadline.js';
import type { AgentTask } from './agent-task.js';
import type { RunWorkspace } from './run-workspace.js';

/** A call of an agent on its way through Nest's guards, pipes and interceptors. */
export interface AgentInvocation {
  readonly agent: string;
  readonly task: AgentTask;
  readonly emitter: UnifiedWebSocketEmitter;
  readonly workspace: RunWorkspace;
  readonly limit: Deadline;
  /** The caller's signal: when it is aborted, the run stops, not just this agent. */
  readonly parentSignal: AbortSignal;
  readonly isRoot: boolean;
  opening(): string;
  /** Resolves when nothing is at work for the agent: its tool calls and agents have told of their end. */
  idle(): Promise<void>;
  /** Ends agents below that an earlier attempt left open and this one has not started again. */
  closeLeftOpen(): Promise<void>;
  /** From here on nothing comes from the agent any more. */
  close(): void;
}
