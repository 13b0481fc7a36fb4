import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { isJsonObject, type JsonObject } from '../context/json.js';
import { RunCancelled, RunHandedBack } from '../context/run-stop.js';
import { AppError } from '../errors/app-error.js';
import { LostRunError } from '../events/lost-run-error.js';
import { deadline } from './deadline.js';
import { DIRECT_CALL, type ToolError, type ToolInvocation, type ToolRecord } from './tool-call.js';

/**
 * Around every tool call: tool_executing is on disk before the tool runs, tool_completed follows on every exit, with the
 * full result stored in its transaction. Answers a ToolRecord; throws only when the run itself must stop.
 */
@Injectable()
export class ToolEventsInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<JsonObject>): Observable<ToolRecord> {
    const [, invocation] = context.getArgs<[JsonObject, ToolInvocation]>();
    return from(this.call(invocation, next));
  }

  private async call(invocation: ToolInvocation, next: CallHandler<JsonObject>): Promise<ToolRecord> {
    const { request, caller, toolCallId } = invocation;
    await caller.emitter.emitToolExecuting({
      tool_call_id: toolCallId,
      tool: request.tool,
      parameters: request.parameters,
      // A take-over must know whose call it finds in doubt.
      ...(request.conversation === DIRECT_CALL ? {} : { conversation: request.conversation }),
      ...(request.retryOf === undefined ? {} : { retry_of: request.retryOf }),
    });
    const startedMs = performance.now();
    const outcome = await this.outcome(invocation, next);
    const executionTimeMs = Math.round(performance.now() - startedMs);
    const record = recordOf(invocation, outcome);
    const resultText = outcome instanceof AppError ? null : outcome.text;
    await this.announce(invocation, record, { resultText, executionTimeMs });
    // A tool that fell over because the run was stopped is announced as failed like any other; then the run stops.
    caller.signal.throwIfAborted();
    return record;
  }

  private async outcome(invocation: ToolInvocation, next: CallHandler<JsonObject>): Promise<StorableResult | AppError> {
    const { request, timeoutMs, caller, refusal } = invocation;
    if (refusal !== undefined) return refusal;
    const limit = deadline(
      caller.signal,
      timeoutMs,
      () => new AppError('tool_failed', `${request.tool} took longer than ${timeoutMs} ms.`),
    );
    try {
      // The run may have been stopped while the call was stored.
      limit.signal.throwIfAborted();
      // The invocation carries the caller's signal; the tool gets the one with the time limit.
      Object.assign(invocation, { signal: limit.signal });
      return storable(await limit.race(lastValueFrom<unknown>(next.handle())), request.tool);
    } catch (error) {
      // Nothing more is written: the attempt that goes on finds the call in doubt.
      if (error instanceof LostRunError || error instanceof RunHandedBack) throw error;
      return toolError(error, request.tool);
    } finally {
      limit.clear();
    }
  }

  private announce(
    { request, caller, toolCallId }: ToolInvocation,
    record: ToolRecord,
    { resultText, executionTimeMs }: { resultText: string | null; executionTimeMs: number },
  ): Promise<void> {
    return caller.emitter.emitToolCompleted(
      {
        tool_call_id: toolCallId,
        tool: request.tool,
        success: record.success,
        ...(record.error === undefined ? { result: record.result } : { error: { ...record.error } }),
        execution_time_ms: executionTimeMs,
      },
      {
        toolCall: {
          id: toolCallId,
          path: record.agentPath,
          tool: request.tool,
          conversation: request.conversation,
          parameters: JSON.stringify(request.parameters),
          success: record.success,
          result: resultText,
          error: record.error === undefined ? null : JSON.stringify(record.error),
          retryOf: request.retryOf ?? null,
          executionTimeMs,
        },
      },
    );
  }
}

function recordOf({ request, caller, toolCallId }: ToolInvocation, outcome: StorableResult | AppError): ToolRecord {
  const shared = {
    toolCallId,
    agentPath: caller.context.agentPath.join('/'),
    tool: request.tool,
    parameters: request.parameters,
    conversation: request.conversation,
  };
  if (outcome instanceof AppError) {
    const error: ToolError = { code: outcome.code, message: outcome.message };
    return { ...shared, success: false, error };
  }
  return { ...shared, success: true, result: outcome.result };
}

/** A result, and its text as the checkpoint holds it: made once, because results are large. */
interface StorableResult {
  readonly result: JsonObject;
  readonly text: string;
}

/** Anything that the log and the checkpoint can't hold is the tool's failure. */
function storable(result: unknown, tool: string): StorableResult {
  if (!isJsonObject(result)) throw new AppError('tool_failed', `${tool} gave no object as its result.`);
  try {
    return { result, text: JSON.stringify(result) };
  } catch (cause) {
    throw new AppError('tool_failed', `${tool} gave a result that JSON can't hold.`, { cause });
  }
}

/** What an author's exception says may hold anything; users see a sentence, the cause stays for the log. */
function toolError(error: unknown, tool: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof RunCancelled) return new AppError('tool_failed', `${tool} was stopped: the run was cancelled.`);
  return new AppError('tool_failed', `${tool} failed.`, { cause: error });
}
