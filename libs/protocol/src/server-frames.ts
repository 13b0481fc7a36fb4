import type { RunState } from './run-states.js';
import type { ThreadEvent } from './thread-events.js';
import { isEventType } from './thread-events.js';
import type { WireMessage, WireThread } from './threads.js';
import type { ErrorFrame, WireError } from './wire-error.js';

/** Fields of every answer to a client frame. */
interface AnswerFields {
  /** `id` of the frame it answers, when that had one. */
  in_reply_to?: string;
}

export interface ConnectionLimits {
  max_message_bytes: number;
  messages_per_minute: number;
  concurrent_runs: number;
  queued_runs: number;
}

export interface ConnectionReadyFrame extends AnswerFields {
  type: 'connection_ready';
  connection_ready: true;
  user_id: string;
  tenant_id: string;
  connection_id: string;
  session_id: string;
  /** Names the log that all seq of this database belong to. */
  log_id: string;
  server_time: string;
  server_version: string;
  limits: ConnectionLimits;
  heartbeat: { interval_ms: number; timeout_ms: number };
  critical_events: string[];
  mode: 'full' | 'limited';
  /** Services that are away. */
  degraded: string[];
  capabilities: string[];
}

export interface AuthenticatedFrame extends AnswerFields {
  type: 'authenticated';
  expires_at: string;
}

export interface PongFrame extends AnswerFields {
  type: 'pong';
  server_time: string;
}

export interface HeartbeatAckFrame extends AnswerFields {
  type: 'heartbeat_ack';
  server_time: string;
}

export interface MessageAcceptedFrame extends AnswerFields {
  type: 'message_accepted';
  thread_id: string;
  message_id: string;
  run_id: string;
  state: RunState;
  /** Place in the line, from 1, while the run waits. */
  position?: number;
  /** The message_id was seen before: the answer names the run of the first time. */
  duplicate: boolean;
}

export interface RunCancellingFrame extends AnswerFields {
  type: 'run_cancelling';
  run_id: string;
}

export type SubscribedThread = { thread_id: string; last_seq: number } | { thread_id: string; error: WireError };

export interface SubscribedFrame extends AnswerFields {
  type: 'subscribed';
  threads: SubscribedThread[];
  log_id: string;
}

export interface UnsubscribedFrame extends AnswerFields {
  type: 'unsubscribed';
  threads: string[];
}

export interface ThreadCreatedFrame extends AnswerFields {
  type: 'thread_created';
  thread: WireThread;
}

export interface ThreadsFrame extends AnswerFields {
  type: 'threads';
  data: WireThread[];
  next_cursor: string | null;
}

export interface ThreadHistoryFrame extends AnswerFields {
  type: 'thread_history';
  thread_id: string;
  data: WireMessage[];
  next_cursor: string | null;
}

export interface ThreadRenamedFrame extends AnswerFields {
  type: 'thread_renamed';
  thread: WireThread;
}

export interface ThreadDeletedFrame extends AnswerFields {
  type: 'thread_deleted';
  thread_id: string;
}

export interface ApprovalRecordedFrame extends AnswerFields {
  type: 'approval_recorded';
  run_id: string;
  tool_call_id: string;
  approved: boolean;
}

export type AnswerFrame =
  | ConnectionReadyFrame
  | AuthenticatedFrame
  | PongFrame
  | HeartbeatAckFrame
  | MessageAcceptedFrame
  | RunCancellingFrame
  | SubscribedFrame
  | UnsubscribedFrame
  | ThreadCreatedFrame
  | ThreadsFrame
  | ThreadHistoryFrame
  | ThreadRenamedFrame
  | ThreadDeletedFrame
  | ApprovalRecordedFrame
  | ErrorFrame;

interface TextFields {
  thread_id: string;
  run_id: string;
  message_id: string;
  /** Counts from 0 in a message. */
  index: number;
  text: string;
}

export interface TextDeltaFrame extends TextFields {
  type: 'text_delta';
}

/** The text so far; deltas go on from index + 1. */
export interface TextSnapshotFrame extends TextFields {
  type: 'text_snapshot';
  /** After a take-over: what was shown before is void. */
  reset?: true;
}

export interface AuthExpiringFrame {
  type: 'auth_expiring';
  expires_at: string;
}

interface ServiceFields {
  service: string;
  /** What the server as a whole is in now: degraded is slower or plainer, limited lacks capabilities. */
  mode: 'full' | 'degraded' | 'limited';
  message: string;
  capabilities: string[];
}

export interface ServiceDegradedFrame extends ServiceFields {
  type: 'service_degraded';
}

export interface ServiceRecoveredFrame extends ServiceFields {
  type: 'service_recovered';
}

export interface ServerDrainingFrame {
  type: 'server_draining';
  reason: string;
  retry_after_ms: number;
  deadline: string;
}

export interface ImportProgressFrame {
  type: 'import_progress';
  import_id: string;
  rows: number;
  /** 0..100 */
  percent?: number;
  status: string;
}

export interface ConnectionStatsFrame {
  type: 'connection_stats';
  connection_id: string;
  frames_in: number;
  frames_out: number;
  bytes_in: number;
  bytes_out: number;
  buffered_bytes: number;
}

/** What the server sends besides answers and events; none of it is in the log. */
export type NoticeFrame =
  | TextDeltaFrame
  | TextSnapshotFrame
  | AuthExpiringFrame
  | ServiceDegradedFrame
  | ServiceRecoveredFrame
  | ServerDrainingFrame
  | ImportProgressFrame
  | ConnectionStatsFrame;

export type ServerFrame = AnswerFrame | NoticeFrame | ThreadEvent;

export type ServerFrameType = ServerFrame['type'];

/** A table, not a list, so that the compiler finds a missing member. */
const NOT_EVENTS = {
  connection_ready: true,
  authenticated: true,
  pong: true,
  heartbeat_ack: true,
  message_accepted: true,
  run_cancelling: true,
  subscribed: true,
  unsubscribed: true,
  thread_created: true,
  threads: true,
  thread_history: true,
  thread_renamed: true,
  thread_deleted: true,
  approval_recorded: true,
  error: true,
  text_delta: true,
  text_snapshot: true,
  auth_expiring: true,
  service_degraded: true,
  service_recovered: true,
  server_draining: true,
  import_progress: true,
  connection_stats: true,
} satisfies Record<(AnswerFrame | NoticeFrame)['type'], true>;

export function isServerFrameType(value: unknown): value is ServerFrameType {
  return isEventType(value) || (typeof value === 'string' && Object.hasOwn(NOT_EVENTS, value));
}

export function isThreadEvent(frame: ServerFrame): frame is ThreadEvent {
  return isEventType(frame.type);
}
