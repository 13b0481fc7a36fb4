import type { ClientFrameType } from './client-frames.js';
import type { AnswerFrame, ServerFrame } from './server-frames.js';

/** The type of the answer to each client frame; an `ack` has none. An `error` may come in its place. */
export const ANSWER_TYPES = {
  authenticate: 'authenticated',
  user_message: 'message_accepted',
  cancel_run: 'run_cancelling',
  subscribe: 'subscribed',
  unsubscribe: 'unsubscribed',
  create_thread: 'thread_created',
  list_threads: 'threads',
  get_thread_history: 'thread_history',
  rename_thread: 'thread_renamed',
  delete_thread: 'thread_deleted',
  approve_tool: 'approval_recorded',
  ping: 'pong',
  heartbeat: 'heartbeat_ack',
} as const satisfies Record<Exclude<ClientFrameType, 'ack'>, AnswerFrame['type']>;

export type AnsweredFrameType = keyof typeof ANSWER_TYPES;

/** The frame that answers a client frame of type T (on a connection that is ready). */
export type AnswerTo<T extends AnsweredFrameType> = Extract<AnswerFrame, { type: (typeof ANSWER_TYPES)[T] }>;

export function isAnswerTo<T extends AnsweredFrameType>(type: T, frame: ServerFrame): frame is AnswerTo<T> {
  return frame.type === ANSWER_TYPES[type];
}
