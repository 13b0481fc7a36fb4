import { setTimeout as delay } from 'node:timers/promises';
import type { ThreadEventType } from '@goldenpath/protocol';
import type { JsonObject } from '../context/json.js';
import { AppError } from '../errors/app-error.js';
import { newId } from '../telemetry/ids.js';
import type { EventEffects } from './event-append.js';
import { LostRunError } from './lost-run-error.js';
import { redact } from './redact.js';
import { isWebSocketManager, type OutgoingEvent, type WebSocketManager } from './websocket-manager.js';

/** For whom and where an emitter emits. A UserExecutionContext is one. */
export interface EmitterContext {
  readonly userId: string;
  readonly threadId: string;
  readonly runId: string;
  readonly requestId: string;
  readonly connectionId?: string | undefined;
  readonly epoch?: number | undefined;
  readonly agentPath: readonly string[];
}

const ATTEMPTS_MAX = 10;
const RETRY_DELAY_MAX_MS = 200;

/**
 * Emits the events of one run, in order, each stored before anybody sees it.
 * A method resolves once its event is on disk. In performance mode most only wait for room in the log: order is kept, a
 * failed write ends the run through its lease, and whatever reaches beyond the run waits by itself and so for everything
 * before it. That is tool_executing (on disk before the tool runs), tool_approval_requested and the final event.
 * Throws LostRunError when another attempt owns the run.
 */
export class UnifiedWebSocketEmitter {
  private steps = 0;

  constructor(
    private readonly manager: WebSocketManager,
    readonly userId: string,
    readonly context?: EmitterContext,
    private readonly performanceMode = false,
  ) {
    if (!isWebSocketManager(manager)) throw new TypeError('Invalid websocket manager - must implement sendToThread');
    if (context !== undefined && context.userId !== userId)
      throw new TypeError("The emitter's user and its context's user differ");
  }

  /** An emitter for the user and thread of a context. */
  static createUserEmitter(manager: WebSocketManager, userContext: EmitterContext): UnifiedWebSocketEmitter {
    return new UnifiedWebSocketEmitter(manager, userContext.userId, userContext);
  }

  /** An emitter for the time around sign-in, when a context may be missing. */
  static createAuthEmitter(
    manager: WebSocketManager,
    userId: string,
    userContext?: EmitterContext,
  ): UnifiedWebSocketEmitter {
    return new UnifiedWebSocketEmitter(manager, userId, userContext);
  }

  /** data: query, attempt, pipeline_version. */
  emitAgentStarted(agent: string, data: JsonObject): Promise<void> {
    return this.emit('agent_started', { agent, ...data }, { mayLag: true });
  }

  /** data: reasoning, progress?. `step` counts the thoughts of this agent. */
  emitAgentThinking(data: JsonObject): Promise<void> {
    this.steps += 1;
    return this.emit('agent_thinking', { step: this.steps, ...data }, { mayLag: true });
  }

  /** data: tool_call_id, tool, parameters, retry_of?. */
  emitToolExecuting(data: JsonObject): Promise<void> {
    return this.emit('tool_executing', data, {});
  }

  /** data: tool_call_id, tool, success, result or error, execution_time_ms. */
  emitToolCompleted(data: JsonObject, effects?: EventEffects): Promise<void> {
    return this.emit('tool_completed', data, { effects, mayLag: true });
  }

  /** data: status, result, execution_time_ms; of the root also final, response, usage… */
  emitAgentCompleted(agent: string, data: JsonObject, effects?: EventEffects): Promise<void> {
    return this.emit('agent_completed', { agent, ...data }, { effects, mayLag: data.final !== true });
  }

  /** Any other event of a run: agent_error, tool_approval_requested, run_resumed. */
  emitEvent(type: Exclude<ThreadEventType, 'agent_started' | 'agent_completed'>, data: JsonObject): Promise<void> {
    return this.emit(type, data, { mayLag: type === 'agent_error' });
  }

  private async emit(
    type: ThreadEventType,
    data: JsonObject,
    how: { mayLag?: boolean; effects?: EventEffects | undefined },
  ): Promise<void> {
    if (this.context === undefined)
      throw new AppError('invalid_state', `${type} needs a run, and this emitter has no context.`);
    const event = this.compose(this.context, type, { data, effects: how.effects });
    if (this.performanceMode && how.mayLag === true) {
      // Retried like any other, but nobody waits for it here: the lease hears of a failure.
      this.send(this.context.threadId, event).catch(() => undefined);
      await this.manager.room(this.context.threadId);
      return;
    }
    await this.send(this.context.threadId, event);
  }

  private compose(
    context: EmitterContext,
    type: ThreadEventType,
    { data, effects }: { data: JsonObject; effects: EventEffects | undefined },
  ): OutgoingEvent {
    const ofRun = type === 'run_resumed' || type === 'message_created';
    const place: JsonObject = ofRun ? {} : { agent: context.agentPath.at(-1), agent_path: context.agentPath };
    // The answer is the user's own text and is never cut; everything else may carry what a tool or a model brought.
    const { response, ...rest } = data;
    const fields = { ...place, ...redact(rest), ...(response === undefined ? {} : { response }) };
    const { userId, runId, epoch } = context;
    return { eventId: newId(), type, userId, runId, epoch, fields, effects, isRetry: false };
  }

  private async send(threadId: string, event: OutgoingEvent): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.manager.sendToThread(threadId, { ...event, isRetry: attempt > 1 });
        return;
      } catch (error) {
        if (attempt >= ATTEMPTS_MAX || error instanceof LostRunError) throw error;
        await delay(Math.min(RETRY_DELAY_MAX_MS, 2 ** attempt));
      }
    }
  }
}

/** Names that other code of this kind uses for the one emitter.
 * @public
 */
export const UserWebSocketEmitter = UnifiedWebSocketEmitter;
export const WebSocketEventEmitter = UnifiedWebSocketEmitter;
export const AuthenticationWebSocketEmitter = UnifiedWebSocketEmitter;
export type UserWebSocketEmitter = UnifiedWebSocketEmitter;
export type WebSocketEventEmitter = UnifiedWebSocketEmitter;
export type AuthenticationWebSocketEmitter = UnifiedWebSocketEmitter;
