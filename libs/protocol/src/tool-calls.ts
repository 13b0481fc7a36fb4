import type { ToolCompletedEvent, ToolExecutingEvent } from './thread-events.js';

interface ToolCall {
  readonly tool: string;
  readonly agentKey: string;
  outcome: 'open' | 'failed' | 'succeeded';
}

/** The tool calls of a run: every tool_executing has exactly one tool_completed, of the same tool and agent. */
export class ToolCalls {
  /** A take-over left open calls behind, which must be closed before anything else happens. */
  awaitClosing = false;
  private readonly calls = new Map<string, ToolCall>();

  openOf(agentKey: string): string[] {
    return this.open()
      .filter(([, call]) => call.agentKey === agentKey)
      .map(([id]) => id);
  }

  takeOver(): void {
    this.awaitClosing = this.open().length > 0;
  }

  start(event: ToolExecutingEvent, agentKey: string): string[] {
    const id = event.tool_call_id;
    const found: string[] = [];
    if (this.calls.has(id)) found.push(`tool call ${id} is executed a second time`);
    const first = event.retry_of === undefined ? undefined : this.calls.get(event.retry_of);
    if (event.retry_of !== undefined && first?.outcome !== 'failed') {
      found.push(`tool call ${id} retries ${event.retry_of}, which is ${first?.outcome ?? 'unknown'}`);
    }
    this.calls.set(id, { tool: event.tool, agentKey, outcome: 'open' });
    return found;
  }

  complete(event: ToolCompletedEvent, agentKey: string): string[] {
    const id = event.tool_call_id;
    const call = this.calls.get(id);
    if (call === undefined) return [`tool call ${id} completed without tool_executing`];
    if (call.outcome !== 'open') return [`tool call ${id} completed a second time`];
    const found: string[] = [];
    if (call.tool !== event.tool || call.agentKey !== agentKey) {
      found.push(`tool call ${id} of ${call.tool} in ${call.agentKey} completed as ${event.tool} in ${agentKey}`);
    }
    if (this.awaitClosing && (event.success || event.error.code !== 'outcome_unknown')) {
      found.push(`tool call ${id}, open at the take-over, is not closed as outcome_unknown`);
    }
    call.outcome = event.success ? 'succeeded' : 'failed';
    this.awaitClosing &&= this.open().length > 0;
    return found;
  }

  private open(): [string, ToolCall][] {
    return [...this.calls].filter(([, call]) => call.outcome === 'open');
  }
}
