import type { ClientFrame, ClientFrameType } from '@goldenpath/protocol';
import { z } from 'zod';
import { isJsonObject } from '../context/json.js';
import { MESSAGE_FIELDS, PAGE_FIELDS, TITLE } from '../threads/message-fields.js';
import { userText } from '../threads/user-text.js';

export type FrameOf<Type extends ClientFrameType> = Extract<ClientFrame, { type: Type }>;

const FRAME_ID = z.string().max(64).optional();
/** An id that is none is answered like one that nobody has: the same error, whatever is wrong with it. */
const REFERENCE = z.string();
const SEQ = z.int().min(0);
const THREADS_MAX = 200;

/** Many clients write null for what they leave out. Null in `metadata` is the user's own and stays. */
const withoutNulls = (value: unknown): unknown =>
  isJsonObject(value) ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) : value;
const fieldsOf = <Fields extends z.ZodRawShape>(fields: Fields) => z.preprocess(withoutNulls, z.object(fields));

const frame = <Type extends ClientFrameType, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  fieldsOf({ type: z.literal(type), id: FRAME_ID, user_id: z.string().optional(), ...fields });

const THREAD_POSITION = fieldsOf({
  thread_id: REFERENCE,
  after_seq: SEQ.optional(),
  log_id: z.string().optional(),
});
const ALL = z.literal(true).optional();
const namesThreads = (fields: { threads?: unknown; all?: unknown }): boolean =>
  fields.threads !== undefined || fields.all !== undefined;
const NAMES_NO_THREADS = { error: 'Either threads or all is required', path: ['threads'] };

/** What each client frame must look like. Unknown fields are ignored; an optional one that is null counts as absent. */
export const FRAME_SCHEMAS: { readonly [Type in ClientFrameType]: z.ZodType<FrameOf<Type>> } = {
  authenticate: frame('authenticate', { token: z.string().min(1) }),
  user_message: frame('user_message', { thread_id: REFERENCE.optional(), ...MESSAGE_FIELDS }),
  cancel_run: frame('cancel_run', { run_id: REFERENCE }),
  subscribe: frame('subscribe', {
    threads: z.array(THREAD_POSITION).min(1).max(THREADS_MAX).optional(),
    all: ALL,
  }).refine(namesThreads, NAMES_NO_THREADS),
  unsubscribe: frame('unsubscribe', {
    threads: z.array(REFERENCE).min(1).max(THREADS_MAX).optional(),
    all: ALL,
  }).refine(namesThreads, NAMES_NO_THREADS),
  ack: frame('ack', { thread_id: REFERENCE, seq: SEQ }),
  create_thread: frame('create_thread', { title: TITLE.optional() }),
  list_threads: frame('list_threads', PAGE_FIELDS),
  get_thread_history: frame('get_thread_history', { thread_id: REFERENCE, ...PAGE_FIELDS }),
  rename_thread: frame('rename_thread', { thread_id: REFERENCE, title: TITLE }),
  delete_thread: frame('delete_thread', { thread_id: REFERENCE }),
  approve_tool: frame('approve_tool', {
    run_id: REFERENCE,
    tool_call_id: REFERENCE,
    approved: z.boolean(),
    reason: userText(1000).optional(),
  }),
  ping: frame('ping', {}),
  heartbeat: frame('heartbeat', {}),
};
