import type { RunState, WireMessage } from '@goldenpath/protocol';

/** A message as queries read it, with MESSAGE_COLUMNS. */
export interface MessageRow {
  readonly id: string;
  readonly thread_id: string;
  readonly position: number;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly run_id: string | null;
  readonly status: RunState | null;
  readonly report_id: string | null;
  readonly created_at: Date;
}

/** Of `message m`. A question shows the state of the run it started, an answer how its run ended. */
export const MESSAGE_COLUMNS = `m.id, m.thread_id, m.position, m.role, m.text, m.run_id, m.report_id, m.created_at,
  COALESCE(m.status, (SELECT r.state FROM run r WHERE r.id = m.run_id)) AS status`;

export function wireMessage(row: MessageRow): WireMessage {
  return {
    id: row.id,
    thread_id: row.thread_id,
    role: row.role,
    text: row.text,
    ...(row.run_id === null ? {} : { run_id: row.run_id }),
    ...(row.status === null ? {} : { status: row.status }),
    ...(row.report_id === null ? {} : { report_id: row.report_id }),
    created_at: row.created_at.toISOString(),
  };
}
