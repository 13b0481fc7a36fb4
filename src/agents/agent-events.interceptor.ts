import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { isJsonObject } from '../context/json.js';
import { RunHandedBack } from '../context/run-stop.js';
import { AppError } from '../errors/app-error.js';
import { LostRunError } from '../events/lost-run-error.js';
import { exitOf, type Exit } from './agent-exit.js';
import type { AgentInvocation } from './agent-invocation.js';
import type { DelegateOutcome } from './agent-task.js';
import type { AgentOutcome } from './agent.decorator.js';
import { finalFields } from './final-fields.js';

/**
 * Around every agent: agent_started and its first agent_thinking before, agent_completed after, on every exit; agent_error
 * in between when it failed. Answers a DelegateOutcome; throws only when the whole run stops, after telling so.
 * A run that another attempt owns, or that is handed back, gets no more events from here; neither does one whose events
 * can't be stored: that is nobody's failure but the store's, and the next attempt goes on from what is there.
 */
@Injectable()
export class AgentEventsInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<AgentOutcome>): Observable<DelegateOutcome> {
    const [, invocation] = context.getArgs<[unknown, AgentInvocation]>();
    return from(this.call(invocation, next));
  }

  private async call(invocation: AgentInvocation, next: CallHandler<AgentOutcome>): Promise<DelegateOutcome> {
    const { workspace, agent, emitter, task } = invocation;
    const path = task.context.agentPath.join('/');
    const startedMs = performance.now();
    workspace.activeAgents.add(path);
    try {
      await emitter.emitAgentStarted(agent, {
        query: workspace.fields.query,
        attempt: workspace.fields.attempt,
        pipeline_version: workspace.fields.pipelineVersion,
      });
      await emitter.emitAgentThinking({ reasoning: openingOf(invocation) });
      const exit = await this.execute(invocation, next);
      // Tool calls and agents that the agent began tell of their end before it does.
      await invocation.idle();
      await invocation.closeLeftOpen();
      invocation.close();
      return await this.ended(invocation, exit, Math.round(performance.now() - startedMs));
    } finally {
      workspace.activeAgents.delete(path);
    }
  }

  /** Throws only what stops the run without further events. */
  private async execute(invocation: AgentInvocation, next: CallHandler<AgentOutcome>): Promise<AgentExit> {
    const { agent, limit, parentSignal } = invocation;
    try {
      // The run may have been stopped while the start was stored.
      limit.signal.throwIfAborted();
      const outcome = storable(await limit.race(lastValueFrom<unknown>(next.handle())), agent);
      await limit.race(invocation.idle());
      return { status: 'completed', outcome };
    } catch (thrown) {
      if (thrown instanceof LostRunError || thrown instanceof RunHandedBack) throw thrown;
      limit.stop(new AppError('tool_failed', `${agent} ended, and what it had begun was stopped.`));
      return exitOf(parentSignal.aborted ? parentSignal.reason : thrown);
    }
  }

  private async ended(invocation: AgentInvocation, exit: AgentExit, executionTimeMs: number): Promise<DelegateOutcome> {
    const { parentSignal, isRoot } = invocation;
    if (exit.status === 'completed') {
      await this.announce(invocation, { ...exit, executionTimeMs });
      return { status: 'completed', ...exit.outcome };
    }
    const errorId = exit.error === undefined ? undefined : await this.tellError(invocation, exit.error);
    const outcome: AgentOutcome = {
      result: exit.error === undefined ? {} : { error: { code: exit.error.code, message: exit.error.message } },
    };
    await this.announce(invocation, { ...exit, outcome, errorId, executionTimeMs });
    if (parentSignal.aborted && !isRoot) throw parentSignal.reason;
    return { status: exit.status === 'cancelled' ? 'failed' : exit.status, ...outcome };
  }

  private async tellError({ task, emitter, workspace }: AgentInvocation, error: AppError): Promise<string> {
    const step = task.context.agentPath.join('/');
    const errorId = await workspace.fields.reportError(error.code === 'internal' ? error.cause : error, step);
    const { code, message, retryable } = error;
    await emitter.emitEvent('agent_error', { code, message, error_id: errorId, retryable });
    return errorId;
  }

  private announce(invocation: AgentInvocation, ending: Ending): Promise<void> {
    const { agent, emitter, task, workspace, isRoot } = invocation;
    const { status, outcome, executionTimeMs } = ending;
    const data = { status, result: outcome.result, execution_time_ms: executionTimeMs };
    if (isRoot) {
      // What is left of the text comes before the event that ends it.
      workspace.close();
      return emitter.emitAgentCompleted(agent, { ...data, ...finalFields(workspace, ending) });
    }
    return emitter.emitAgentCompleted(agent, data, {
      agentResult: {
        path: task.context.agentPath.join('/'),
        agent,
        status,
        result: JSON.stringify({ result: outcome.result, response: outcome.response, reportId: outcome.reportId }),
        attempt: workspace.fields.attempt,
        executionTimeMs,
      },
    });
  }
}

type AgentExit = { readonly status: 'completed'; readonly outcome: AgentOutcome } | Exit;

/** How an agent ended, for its agent_completed. */
export interface Ending {
  readonly status: Exit['status'] | 'completed';
  readonly error?: Exit['error'];
  readonly errorId?: string | undefined;
  readonly outcome: AgentOutcome;
  readonly executionTimeMs: number;
}

/** An author's mistake in the sentence must not keep the agent from its work, nor its events out of order. */
function openingOf(invocation: AgentInvocation): string {
  try {
    const opening = invocation.opening();
    if (opening.trim() !== '') return opening;
  } catch {
    // Told by the sentence below.
  }
  return `${invocation.agent} begins; it could not say with what.`;
}

/** What an agent came to, as the log and the checkpoint can hold it. Throws TypeError. */
function storable(outcome: unknown, agent: string): AgentOutcome {
  if (!isJsonObject(outcome) || !isJsonObject(outcome.result))
    throw new TypeError(`${agent} gave no object as its result`);
  // Throws for what JSON can't hold.
  JSON.stringify(outcome.result);
  const { result, response, reportId } = outcome;
  return {
    result,
    ...(typeof response === 'string' ? { response } : {}),
    ...(typeof reportId === 'string' ? { reportId } : {}),
  };
}
