import type { TransactionEvent } from '../events/event-transaction.js';
import type { OpenToolCall } from './run-log.js';

/** tool_completed for each call that an attempt left open: its outcome is unknown ([RN5]). */
export const openCallsClosed = (calls: readonly OpenToolCall[]): TransactionEvent[] =>
  calls.map((call) => ({
    type: 'tool_completed',
    fields: {
      agent: call.agent,
      agent_path: call.path,
      tool_call_id: call.toolCallId,
      tool: call.tool,
      success: false,
      error: {
        code: 'outcome_unknown',
        message: `The worker was lost while ${call.tool} ran; its outcome is unknown.`,
      },
      execution_time_ms: 0,
    },
  }));
