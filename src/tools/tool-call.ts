import type { ErrorCode } from '@goldenpath/protocol';
import type { JsonObject } from '../context/json.js';
import type { AppError } from '../errors/app-error.js';
import type { UserExecutionContext } from '../context/user-execution-context.js';
import type { UnifiedWebSocketEmitter } from '../events/unified-websocket-emitter.js';
import type { ToolCallContext } from './tool.decorator.js';

export interface ToolError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The `conversation` of a call that an agent made without a model. */
export const DIRECT_CALL = -1;

/** A finished tool call, as agents, models and checkpoints see it. */
export interface ToolRecord {
  readonly toolCallId: string;
  /** Path of the agent that called, joined by "/". */
  readonly agentPath: string;
  readonly tool: string;
  readonly parameters: JsonObject;
  readonly success: boolean;
  readonly result?: JsonObject | undefined;
  readonly error?: ToolError | undefined;
  /** Which conversation of the agent it belongs to, counted from 0, or DIRECT_CALL. */
  readonly conversation: number;
}

/** What a caller asks for. */
export interface ToolRequest {
  readonly tool: string;
  readonly parameters: JsonObject;
  readonly conversation: number;
  /** The call, of unknown outcome, that this one repeats. */
  readonly retryOf?: string | undefined;
}

/** Who calls: one agent of a run. */
export interface ToolCaller {
  readonly context: UserExecutionContext;
  readonly emitter: UnifiedWebSocketEmitter;
  readonly signal: AbortSignal;
}

/** A call on its way through Nest's guards, pipes and interceptors to the tool. */
export interface ToolInvocation extends ToolCallContext {
  readonly request: ToolRequest;
  readonly caller: ToolCaller;
  readonly timeoutMs: number;
  /** Set when the parameters do not fit the tool's schema: the call is announced and fails without reaching the tool. */
  readonly refusal: AppError | undefined;
}
