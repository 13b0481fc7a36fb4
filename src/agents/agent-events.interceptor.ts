import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { LostRunError } from '../events/lost-run-error.js';
import { exitOf, type Exit } from './agent-exit.js';
import type { AgentInvocation } from './agent-invocation.js';
import type { DelegateOutcome } from './agent-task.js';
import type { AgentOutcome } from './agent.decorator.js';
import { finalFields } from './final-fields.js';
import { RunHandedBack } from '../context/run-stop.js';

/**
 * Around every agent: agent_started and its first agent_thinking before, agent_completed after, on every exit; agent_error
 * in between when it failed. Answers a DelegateOutcome; throws only when the whole run stops, after telling so.
 * A run that another attempt owns, or that is handed back, gets no more events from here.
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
      await emitter.emitAgentThinking({ reasoning: invocation.opening() });
      const outcome = await invocation.limit.race(lastValueFrom(next.handle()));
      await this.completed(invocation, outcome, startedMs);
      return { status: 'completed', ...outcome };
    } catch (error) {
      if (error instanceof LostRunError || error instanceof RunHandedBack) throw error;
      return await this.ended(invocation, error, startedMs);
    } finally {
      workspace.activeAgents.delete(path);
      invocation.limit.clear();
    }
  }

  private completed(invocation: AgentInvocation, outcome: AgentOutcome, startedMs: number): Promise<void> {
    return this.announce(invocation, {
      status: 'completed',
      outcome,
      executionTimeMs: Math.round(performance.now() - startedMs),
    });
  }

  private async ended(invocation: AgentInvocation, thrown: unknown, startedMs: number): Promise<DelegateOutcome> {
    const { agent, emitter, workspace, parentSignal, isRoot } = invocation;
    const errorId = await workspace.fields.reportError(thrown, agent);
    const exit = exitOf(parentSignal.aborted ? parentSignal.reason : thrown, errorId);
    if (exit.error !== undefined) {
      const { code, message, retryable } = exit.error;
      await emitter.emitEvent('agent_error', { code, message, error_id: errorId, retryable });
    }
    const outcome: AgentOutcome = {
      result: exit.error === undefined ? {} : { error: { code: exit.error.code, message: exit.error.message } },
    };
    await this.announce(invocation, {
      ...exit,
      outcome,
      errorId,
      executionTimeMs: Math.round(performance.now() - startedMs),
    });
    if (parentSignal.aborted && !isRoot) throw parentSignal.reason;
    return { status: exit.status === 'cancelled' ? 'failed' : exit.status, ...outcome };
  }

  private announce(invocation: AgentInvocation, ending: Ending): Promise<void> {
    const { agent, emitter, task, workspace, isRoot } = invocation;
    const { status, outcome, executionTimeMs } = ending;
    const data = { status, result: outcome.result, execution_time_ms: executionTimeMs };
    if (isRoot) return emitter.emitAgentCompleted(agent, { ...data, ...finalFields(workspace, ending) });
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

/** How an agent ended, for its agent_completed. */
export interface Ending {
  readonly status: Exit['status'] | 'completed';
  readonly error?: Exit['error'];
  readonly errorId?: string;
  readonly outcome: AgentOutcome;
  readonly executionTimeMs: number;
}
