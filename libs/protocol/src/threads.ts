import type { RunState } from './run-states.js';

/** Times are ISO 8601 UTC with milliseconds. */
export interface WireThread {
  id: string;
  title: string | null;
  created_at: string;
  updated_at: string;
  /** seq of the newest event of the thread; 0 before the first. */
  last_seq: number;
  message_count: number;
  active_run_id?: string;
}

export interface WireMessage {
  id: string;
  thread_id: string;
  role: 'user' | 'assistant';
  text: string;
  run_id?: string;
  /** State of the run that the message started, or how the run ended that wrote it. */
  status?: RunState;
  report_id?: string;
  created_at: string;
}
