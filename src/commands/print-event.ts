import type { ThreadEvent } from '@goldenpath/protocol';

const VALUE_CHARACTERS_MAX = 160;

/** One line for an event, as a person reads it in a terminal. */
export function eventLine(event: ThreadEvent): string {
  return `${String(event.seq).padStart(4)}  ${event.type.padEnd(16)}  ${details(event)}`;
}

function details(event: ThreadEvent): string {
  switch (event.type) {
    case 'message_created':
      return `“${event.message.text}”`;
    case 'thread_updated':
      return event.thread.title ?? '';
    case 'run_resumed':
      return `attempt ${event.attempt}: ${event.reason}`;
    case 'agent_started':
      return `${indent(event.agent_path)}${event.agent}`;
    case 'agent_thinking':
      return `${indent(event.agent_path)}  ${event.reasoning}`;
    case 'tool_executing':
      return `${indent(event.agent_path)}  ${event.tool} ${brief(event.parameters)}`;
    case 'tool_completed':
      return `${indent(event.agent_path)}  ${event.tool} ${event.success ? 'done' : `failed: ${event.error.message}`} in ${event.execution_time_ms} ms`;
    case 'tool_approval_requested':
      return `${indent(event.agent_path)}  ${event.tool} waits for approval until ${event.expires_at}`;
    case 'agent_error':
      return `${indent(event.agent_path)}  ${event.code}: ${event.message}`;
    case 'agent_completed':
      return `${indent(event.agent_path)}${event.agent} ${event.status} in ${event.execution_time_ms} ms`;
  }
}

const indent = (path: readonly string[]): string => '  '.repeat(Math.max(0, path.length - 1));

function brief(value: Record<string, unknown>): string {
  const text = JSON.stringify(value);
  return text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX)}…` : text;
}
