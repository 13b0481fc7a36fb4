import { applyDecorators, Injectable, Scope, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { z } from 'zod';
import type { JsonObject } from '../context/json.js';
import { ToolEventsInterceptor } from './tool-events.interceptor.js';

/** How a tool is declared. */
export interface ToolDeclaration {
  /** Unique; what models call it. */
  readonly name: string;
  /** What it does and answers, for a model and for people. */
  readonly description: string;
  /** The one definition of its parameters: validated before each call, shown to models as JSON Schema. */
  readonly schema: z.ZodType;
  /** Whether a call whose outcome is unknown may be made again ([RN5]). Default false. */
  readonly idempotent?: boolean;
  /** Default TOOL_TIMEOUT_MS. */
  readonly timeoutMs?: number;
}

/** What a call knows of itself. */
export interface ToolCallContext {
  readonly toolCallId: string;
  /** `<run>:<tool_call>`: for other systems that deduplicate. */
  readonly idempotencyKey: string;
  /** Aborted when the time is over or the run is cancelled. */
  readonly signal: AbortSignal;
}

/** A tool: made anew for each run, so that it may inject the run's UserExecutionContext. */
export interface ToolHandler<Input = JsonObject> {
  execute(input: Input, call: ToolCallContext): Promise<JsonObject>;
}

export const TOOL_METADATA = 'goldenpath:tool';

/** Makes a provider a tool. List the class in its module's providers; it is found by itself. */
export const Tool = (declaration: ToolDeclaration): ClassDecorator =>
  applyDecorators(
    SetMetadata(TOOL_METADATA, declaration),
    Injectable({ scope: Scope.REQUEST }),
    UseInterceptors(ToolEventsInterceptor),
  );
