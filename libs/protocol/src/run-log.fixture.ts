import type { RunEvent } from './thread-events.js';

/** Writes the log of a run; paths are given as 'supervisor/data'. */
export class RunLog {
  readonly events: RunEvent[] = [];

  constructor(
    private readonly runId = 'r1',
    private attempt = 1,
  ) {}

  message(): this {
    const message = { id: 'm', thread_id: 't', role: 'user' as const, text: 'hi', created_at: '' };
    return this.add({ ...this.header(), type: 'message_created', message });
  }

  started(path: string, attempt = this.attempt): this {
    return this.add({ ...this.of(path), type: 'agent_started', query: 'q', attempt, pipeline_version: '1' });
  }

  thinking(...paths: string[]): this {
    for (const path of paths) this.add({ ...this.of(path), type: 'agent_thinking', reasoning: 'because', step: 1 });
    return this;
  }

  begin(...paths: string[]): this {
    for (const path of paths) this.started(path).thinking(path);
    return this;
  }

  executing(path: string, id: string, retryOf?: string): this {
    const call = { tool_call_id: id, tool: 'sum', parameters: {}, retry_of: retryOf };
    return this.add({ ...this.of(path), type: 'tool_executing', ...call });
  }

  succeeded(path: string, id: string, tool = 'sum'): this {
    const call = { tool_call_id: id, tool, execution_time_ms: 1 };
    return this.add({ ...this.of(path), type: 'tool_completed', ...call, success: true, result: 1 });
  }

  failed(path: string, id: string, code: 'tool_failed' | 'outcome_unknown' = 'tool_failed'): this {
    const call = { tool_call_id: id, tool: 'sum', execution_time_ms: 1 };
    return this.add({
      ...this.of(path),
      type: 'tool_completed',
      ...call,
      success: false,
      error: { code, message: '' },
    });
  }

  approval(path: string): this {
    const call = { tool_call_id: 'x', tool: 'sum', parameters: {}, expires_at: '' };
    return this.add({ ...this.of(path), type: 'tool_approval_requested', ...call });
  }

  error(path: string): this {
    const error = { code: 'internal' as const, message: 'no', error_id: 'e', retryable: false };
    return this.add({ ...this.of(path), type: 'agent_error', ...error });
  }

  completed(...paths: string[]): this {
    for (const path of paths) {
      const end = { status: 'completed' as const, result: null, execution_time_ms: 1 };
      this.add({ ...this.of(path), type: 'agent_completed', ...end });
    }
    return this;
  }

  final(response = 'the answer', path = 'supervisor'): this {
    const end = { status: 'completed' as const, result: null, execution_time_ms: 1, final: true as const, response };
    const usage = { input_tokens: 0, output_tokens: 0, cost_usd: '0', model: 'planner' };
    return this.add({ ...this.of(path), type: 'agent_completed', ...end, usage });
  }

  resumed(attempt = this.attempt + 1): this {
    this.attempt = attempt;
    return this.add({ ...this.header(), type: 'run_resumed', attempt, reason: 'owner lost', after_seq: 1 });
  }

  private header() {
    const seq = this.events.length + 1;
    return { seq, event_id: `e${seq}`, thread_id: 't', user_id: 'u', timestamp: '', run_id: this.runId };
  }

  private of(path: string) {
    const agentPath = path.split('/');
    return { ...this.header(), agent: agentPath.at(-1) ?? '', agent_path: agentPath };
  }

  private add(event: RunEvent): this {
    this.events.push(event);
    return this;
  }
}
