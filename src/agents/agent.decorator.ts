import { applyDecorators, Injectable, Scope, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { JsonObject } from '../context/json.js';
import { AgentEventsInterceptor } from './agent-events.interceptor.js';
import type { AgentTask } from './agent-task.js';

/** How an agent is declared. */
export interface AgentDeclaration {
  /** Unique; the `agent` of its events. */
  readonly name: string;
  readonly description: string;
  /** Default AGENT_TIMEOUT_MS; the root's is RUN_TIMEOUT_MS. */
  readonly timeoutMs?: number;
}

/** What an agent comes to. */
export interface AgentOutcome {
  /** Goes into agent_completed and into the checkpoint of a take-over. */
  readonly result: JsonObject;
  /** The answer to the user, of an agent that writes one. */
  readonly response?: string | undefined;
  readonly reportId?: string | undefined;
}

/** An agent: made anew for each run. It cannot forget its events: the interceptor around it emits them. */
export interface AgentHandler {
  /** The first agent_thinking: a true sentence about this task, made of its data. */
  opening(task: AgentTask): string;
  execute(task: AgentTask): Promise<AgentOutcome>;
}

export const AGENT_METADATA = 'goldenpath:agent';

/** Makes a provider an agent. List the class in its module's providers; it is found by itself. */
export const Agent = (declaration: AgentDeclaration): ClassDecorator =>
  applyDecorators(
    SetMetadata(AGENT_METADATA, declaration),
    Injectable({ scope: Scope.REQUEST }),
    UseInterceptors(AgentEventsInterceptor),
  );
