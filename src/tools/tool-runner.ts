import { Injectable, Scope } from '@nestjs/common';
import type { z } from 'zod';
import { Configuration } from '../config/configuration.js';
import { AppError } from '../errors/app-error.js';
import { Ids } from '../telemetry/ids.js';
import { ProviderResolver } from './provider-resolver.js';
import type { ToolCaller, ToolInvocation, ToolRecord, ToolRequest } from './tool-call.js';
import type { ToolDeclaration } from './tool.decorator.js';
import { ToolRegistry } from './tool-registry.js';

/** Runs the tools of one run. */
@Injectable({ scope: Scope.REQUEST })
export class ToolRunner {
  constructor(
    private readonly registry: ToolRegistry,
    private readonly resolver: ProviderResolver,
    private readonly configuration: Configuration,
    private readonly ids: Ids,
  ) {}

  /**
   * Makes one call and announces it. A tool that fails gives a record with success:false.
   * Throws AppError not_found for an unknown tool, and whatever stops the run (cancel, time limit, lost lease).
   */
  async call(caller: ToolCaller, request: ToolRequest): Promise<ToolRecord> {
    const tool = this.registry.get(request.tool);
    if (tool === undefined) throw new AppError('not_found', `There is no tool named ${request.tool}.`);
    caller.signal.throwIfAborted();
    const toolCallId = this.ids.next();
    const parsed = tool.declaration.schema.safeParse(request.parameters);
    const invocation: ToolInvocation = {
      request,
      caller,
      toolCallId,
      idempotencyKey: `${caller.context.runId}:${toolCallId}`,
      signal: caller.signal,
      timeoutMs: tool.declaration.timeoutMs ?? this.configuration.time.toolTimeoutMs,
      refusal: parsed.success ? undefined : refused(request.tool, parsed.error),
    };
    const handler = await this.resolver.resolve(tool.type).catch((cause: unknown) => {
      if (cause instanceof AppError) throw cause;
      throw new AppError('engine_init_failed', `The tool ${request.tool} could not be made.`, { cause });
    });
    return this.resolver.invoke<ToolRecord>(handler, { id: tool.hostId, method: 'execute' }, [parsed.data, invocation]);
  }

  /** The declarations of these tools, for a model to choose from. Throws not_found. */
  declarations(names: readonly string[]): ToolDeclaration[] {
    return names.map((name) => {
      const tool = this.registry.get(name);
      if (tool === undefined) throw new AppError('not_found', `There is no tool named ${name}.`);
      return tool.declaration;
    });
  }

  isIdempotent(tool: string): boolean {
    return this.registry.get(tool)?.declaration.idempotent === true;
  }
}

function refused(tool: string, error: z.ZodError): AppError {
  const issues = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const reasons = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return new AppError('validation_failed', `Parameters of ${tool}: ${reasons}`, { details: { issues } });
}
