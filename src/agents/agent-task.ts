import type { JsonObject } from '../context/json.js';
import type { UserExecutionContext } from '../context/user-execution-context.js';
import type { Plan } from '../models/plan.js';
import type { ToolRecord } from '../tools/tool-call.js';

/** What was said in the thread before, oldest first. */
export interface HistoryMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** A conversation with a model (or the planner) that may call tools. */
export interface Conversation {
  /** The system prompt. */
  readonly instructions: string;
  /** What the conversation is about; the model sees it as JSON, the plan as it is. */
  readonly input: JsonObject;
  /** Names of the tools that may be called. */
  readonly tools: readonly string[];
  /** Decides the steps where no model does. */
  readonly plan: Plan;
  readonly maxSteps?: number;
  /** Text as it is written. */
  readonly onText?: (delta: string) => void;
  /** What onText gave is no part of the answer: a model's answer broke off and starts again, or was a thought. */
  readonly onTextVoid?: () => void;
}

export interface ConversationOutcome {
  readonly text: string;
  /** The calls of this conversation, in order, also those of an earlier attempt. */
  readonly toolCalls: readonly ToolRecord[];
  /** True when the model was away and the planner took over. */
  readonly degraded: boolean;
}

/** How an agent that another one called ended. */
export interface DelegateOutcome {
  readonly status: 'completed' | 'failed' | 'timeout';
  readonly result: JsonObject;
  readonly response?: string | undefined;
  readonly reportId?: string | undefined;
}

/** One agent's work in one run: what it knows and what it can do. */
export interface AgentTask {
  /** The user's text. */
  readonly query: string;
  readonly history: readonly HistoryMessage[];
  /** What the caller hands over. */
  readonly input: JsonObject;
  /** Results of the agents that ran before, by name. */
  readonly findings: Readonly<Record<string, JsonObject>>;
  /** Every finished tool call of the run so far. */
  readonly toolResults: readonly ToolRecord[];
  readonly context: UserExecutionContext;
  readonly attempt: number;
  /** Aborted when the time is over, the run is cancelled or taken over. */
  readonly signal: AbortSignal;
  /** Tells the user a true sentence about what happens now. */
  think(reasoning: string, label?: string, progress?: number): void;
  /** Runs a model loop with tools. After a take-over it goes on behind the calls that were finished. */
  converse(conversation: Conversation): Promise<ConversationOutcome>;
  /** Makes one tool call without a model. After a take-over a finished call is not made again. */
  callTool(tool: string, parameters: JsonObject): Promise<ToolRecord>;
  /** Runs an agent of the next level. Its failure is an outcome; only what stops the whole run throws. */
  delegate(agent: string, input: JsonObject): Promise<DelegateOutcome>;
  /** Shows a piece of the answer while it is written. */
  streamText(text: string): void;
  /** Takes back what streamText has shown in this run; the answer starts again. */
  resetText(): void;
}
