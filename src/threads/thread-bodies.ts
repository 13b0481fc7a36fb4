import { RUN_STATES } from '@goldenpath/protocol';
import { z } from 'zod';
import { MESSAGE_FIELDS, TITLE } from './message-fields.js';

/** What the thread routes take. */
export const createThreadBody = z.object({ title: TITLE.optional() }).default({});
export const renameThreadBody = z.object({ title: TITLE });
export const messageBody = z.object({ ...MESSAGE_FIELDS, user_id: z.string().optional() });
export const eventsQuery = z.object({
  after_seq: z.coerce.number().pipe(z.int().min(0)).optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(1000)).default(256),
  cursor: z.string().min(1).max(200).optional(),
});

export type CreateThreadBody = z.output<typeof createThreadBody>;
export type RenameThreadBody = z.output<typeof renameThreadBody>;
export type MessageBody = z.output<typeof messageBody>;
export type EventsQuery = z.output<typeof eventsQuery>;

/** What they answer, for the OpenAPI document; the types are those of the wire. */
const timestamp = z.string().meta({ format: 'date-time' });
const nextCursor = z.string().nullable();

export const threadAnswer = z.object({
  id: z.uuid(),
  title: z.string().nullable(),
  created_at: timestamp,
  updated_at: timestamp,
  last_seq: z.int(),
  message_count: z.int(),
  active_run_id: z.uuid().optional(),
});
export const threadsAnswer = z.object({ data: z.array(threadAnswer), next_cursor: nextCursor });

const message = z.object({
  id: z.string(),
  thread_id: z.uuid(),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  run_id: z.uuid().optional(),
  status: z.enum(RUN_STATES).optional(),
  report_id: z.uuid().optional(),
  created_at: timestamp,
});
export const messagesAnswer = z.object({ data: z.array(message), next_cursor: nextCursor });

export const acceptedAnswer = z.object({
  thread_id: z.uuid(),
  message_id: z.string(),
  run_id: z.uuid(),
  state: z.enum(RUN_STATES),
  position: z.int().optional(),
  duplicate: z.boolean(),
});
export const eventsAnswer = z.object({ data: z.array(z.record(z.string(), z.unknown())), next_cursor: nextCursor });
