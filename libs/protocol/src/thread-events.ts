import type { ErrorCode } from './error-catalogue.js';
import type { AgentStatus } from './run-states.js';
import type { WireMessage, WireThread } from './threads.js';

interface EventFields {
  /** 1, 2, 3 … over the whole life of the thread. */
  seq: number;
  event_id: string;
  thread_id: string;
  user_id: string;
  /** ISO 8601 UTC with milliseconds. */
  timestamp: string;
}

interface AgentEventFields extends EventFields {
  run_id: string;
  agent: string;
  /** From the root ("supervisor") down to the agent; unique in an attempt. */
  agent_path: string[];
}

export interface AgentStartedEvent extends AgentEventFields {
  type: 'agent_started';
  query: string;
  attempt: number;
  pipeline_version: string;
}

export interface AgentThinkingEvent extends AgentEventFields {
  type: 'agent_thinking';
  /** A true sentence about this step. */
  reasoning: string;
  step: number;
  /** 0..1 */
  progress?: number;
}

export interface ToolExecutingEvent extends AgentEventFields {
  type: 'tool_executing';
  tool_call_id: string;
  tool: string;
  parameters: Record<string, unknown>;
  /** tool_call_id of the call that this one repeats. */
  retry_of?: string;
}

export interface EventError {
  code: ErrorCode;
  message: string;
}

interface ToolCompletedFields extends AgentEventFields {
  type: 'tool_completed';
  tool_call_id: string;
  tool: string;
  execution_time_ms: number;
}

export interface ToolSucceededEvent extends ToolCompletedFields {
  success: true;
  /** Redacted and shortened. */
  result: unknown;
}

export interface ToolFailedEvent extends ToolCompletedFields {
  success: false;
  error: EventError;
}

export type ToolCompletedEvent = ToolSucceededEvent | ToolFailedEvent;

export interface AgentErrorEvent extends AgentEventFields {
  type: 'agent_error';
  code: ErrorCode;
  message: string;
  error_id: string;
  retryable: boolean;
}

interface AgentCompletedFields extends AgentEventFields {
  type: 'agent_completed';
  status: AgentStatus;
  result: unknown;
  execution_time_ms: number;
}

export interface SubAgentCompletedEvent extends AgentCompletedFields {
  final?: undefined;
}

export interface RunUsage {
  input_tokens: number;
  output_tokens: number;
  /** Decimal string. */
  cost_usd: string;
  model: string;
}

/** The root agent's: the last event of every run. */
export interface RunCompletedEvent extends AgentCompletedFields {
  final: true;
  /** The answer, never empty. */
  response: string;
  report_id?: string;
  usage: RunUsage;
  /** What a cancellation stopped: tool names and agent paths. */
  stopped?: { tools: string[]; agents: string[] };
  error?: EventError & { error_id?: string };
}

export type AgentCompletedEvent = SubAgentCompletedEvent | RunCompletedEvent;

export interface ToolApprovalRequestedEvent extends AgentEventFields {
  type: 'tool_approval_requested';
  tool_call_id: string;
  tool: string;
  parameters: Record<string, unknown>;
  expires_at: string;
}

/** The first event of a run. */
export interface MessageCreatedEvent extends EventFields {
  type: 'message_created';
  run_id: string;
  message: WireMessage;
}

export interface RunResumedEvent extends EventFields {
  type: 'run_resumed';
  run_id: string;
  attempt: number;
  reason: string;
  /** seq of the last event before the take-over. */
  after_seq: number;
}

export interface ThreadUpdatedEvent extends EventFields {
  type: 'thread_updated';
  thread: WireThread;
}

/** An event of the thread's log, exactly as every client sees it. */
export type ThreadEvent =
  | AgentStartedEvent
  | AgentThinkingEvent
  | ToolExecutingEvent
  | ToolCompletedEvent
  | AgentErrorEvent
  | AgentCompletedEvent
  | ToolApprovalRequestedEvent
  | MessageCreatedEvent
  | RunResumedEvent
  | ThreadUpdatedEvent;

export type ThreadEventType = ThreadEvent['type'];

/** An event that belongs to a run. */
export type RunEvent = Extract<ThreadEvent, { run_id: string }>;

/** The five that are never lost. */
export const CRITICAL_EVENTS = [
  'agent_started',
  'agent_thinking',
  'tool_executing',
  'tool_completed',
  'agent_completed',
] as const satisfies readonly ThreadEventType[];

/** A table, not a list, so that the compiler finds a missing member. */
const TYPES = {
  agent_started: true,
  agent_thinking: true,
  tool_executing: true,
  tool_completed: true,
  agent_error: true,
  agent_completed: true,
  tool_approval_requested: true,
  message_created: true,
  run_resumed: true,
  thread_updated: true,
} satisfies Record<ThreadEventType, true>;

export function isEventType(value: unknown): value is ThreadEventType {
  return typeof value === 'string' && Object.hasOwn(TYPES, value);
}

export const EVENT_TYPES: readonly ThreadEventType[] = Object.keys(TYPES).filter(isEventType);

export function isRunEvent(event: ThreadEvent): event is RunEvent {
  return event.type !== 'thread_updated';
}
