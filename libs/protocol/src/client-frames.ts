interface FrameFields {
  /** ≤ 64 characters, echoed as `in_reply_to`. */
  id?: string;
  /** When present, it must be the authenticated user's. */
  user_id?: string;
}

export interface AuthenticateFrame extends FrameFields {
  type: 'authenticate';
  token: string;
}

export type IfBusy = 'enqueue' | 'reject' | 'interrupt';
export type RunPriority = 'low' | 'normal' | 'high';

export interface UserMessageFrame extends FrameFields {
  type: 'user_message';
  /** 1 to 6000 characters. */
  text: string;
  /** Absent: a new thread. */
  thread_id?: string;
  /** ≤ 64 characters, unique per user over all threads: the same id again is the same run. */
  message_id?: string;
  /** Default enqueue. */
  if_busy?: IfBusy;
  agent?: string;
  priority?: RunPriority;
  /** ≤ 1 KB as JSON. */
  metadata?: Record<string, unknown>;
}

export interface CancelRunFrame extends FrameFields {
  type: 'cancel_run';
  run_id: string;
}

/** Where to go on: the events after `after_seq` of the log `log_id`. Without after_seq: live only. */
export interface ThreadPosition {
  thread_id: string;
  after_seq?: number;
  log_id?: string;
}

export interface SubscribeFrame extends FrameFields {
  type: 'subscribe';
  threads?: ThreadPosition[];
  all?: true;
}

export interface UnsubscribeFrame extends FrameFields {
  type: 'unsubscribe';
  threads?: string[];
  all?: true;
}

export interface AckFrame extends FrameFields {
  type: 'ack';
  thread_id: string;
  seq: number;
}

export interface CreateThreadFrame extends FrameFields {
  type: 'create_thread';
  title?: string;
}

export interface ListThreadsFrame extends FrameFields {
  type: 'list_threads';
  limit?: number;
  cursor?: string;
}

export interface GetThreadHistoryFrame extends FrameFields {
  type: 'get_thread_history';
  thread_id: string;
  limit?: number;
  cursor?: string;
}

export interface RenameThreadFrame extends FrameFields {
  type: 'rename_thread';
  thread_id: string;
  title: string;
}

export interface DeleteThreadFrame extends FrameFields {
  type: 'delete_thread';
  thread_id: string;
}

export interface ApproveToolFrame extends FrameFields {
  type: 'approve_tool';
  run_id: string;
  tool_call_id: string;
  approved: boolean;
  reason?: string;
}

export interface PingFrame extends FrameFields {
  type: 'ping';
}

export interface HeartbeatFrame extends FrameFields {
  type: 'heartbeat';
}

export type ClientFrame =
  | AuthenticateFrame
  | UserMessageFrame
  | CancelRunFrame
  | SubscribeFrame
  | UnsubscribeFrame
  | AckFrame
  | CreateThreadFrame
  | ListThreadsFrame
  | GetThreadHistoryFrame
  | RenameThreadFrame
  | DeleteThreadFrame
  | ApproveToolFrame
  | PingFrame
  | HeartbeatFrame;

export type ClientFrameType = ClientFrame['type'];

/** A table, not a list, so that the compiler finds a missing member. */
const TYPES = {
  authenticate: true,
  user_message: true,
  cancel_run: true,
  subscribe: true,
  unsubscribe: true,
  ack: true,
  create_thread: true,
  list_threads: true,
  get_thread_history: true,
  rename_thread: true,
  delete_thread: true,
  approve_tool: true,
  ping: true,
  heartbeat: true,
} satisfies Record<ClientFrameType, true>;

export function isClientFrameType(value: unknown): value is ClientFrameType {
  return typeof value === 'string' && Object.hasOwn(TYPES, value);
}

export const CLIENT_FRAME_TYPES: readonly ClientFrameType[] = Object.keys(TYPES).filter(isClientFrameType);
