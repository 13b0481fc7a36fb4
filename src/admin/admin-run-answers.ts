import { RUN_STATES } from '@goldenpath/protocol';
import { z } from 'zod';
import { runAnswer } from '../runs/run-answers.js';
import { pageAnswer, timestamp } from './admin-answers.js';
import type { AdminRun } from './admin-queries.js';
import type { Delivery, DeliveryPage } from './run-records.js';
import type { RetriedRun } from './run-retry.js';

/** What the admin routes answer about runs, for the OpenAPI document; the types are those of what is answered. */
export const adminRunsAnswer = pageAnswer(
  z.object({
    id: z.uuid(),
    tenant_id: z.uuid(),
    user_id: z.uuid(),
    thread_id: z.uuid(),
    status: z.enum(RUN_STATES),
    attempt: z.int(),
    crashes: z.int(),
    created_at: timestamp,
    finished_at: timestamp.nullable(),
  }) satisfies z.ZodType<AdminRun>,
);

export const adminRunAnswer = runAnswer.extend({ tenant_id: z.uuid(), user_id: z.uuid() });

const seq = z.int().nullable();
const spanOfEvents = z.object({
  first_seq: seq,
  last_seq: seq,
  count: z.int(),
  first_at: timestamp.nullable(),
  last_at: timestamp.nullable(),
});

const delivery = z.object({
  run_id: z.uuid(),
  connection_id: z.uuid(),
  user_id: z.uuid(),
  thread_id: z.uuid(),
  door: z.enum(['socket', 'stream']).meta({ description: 'A WebSocket or a stream of server-sent events' }),
  persisted_seq: seq,
  sent: spanOfEvents,
  acked: z.object({ last_seq: seq, count: z.int(), at: timestamp.nullable() }),
  catch_ups: z.int().meta({ description: 'How often it was brought up to date from the log' }),
  failed: z
    .object({ last_seq: seq, count: z.int() })
    .meta({ description: 'What was on its way when the connection ended, or is held back' }),
  last_error: z.string().nullable(),
  last_error_at: timestamp.nullable(),
  stalled_since: timestamp.nullable(),
  closed_at: timestamp.nullable(),
}) satisfies z.ZodType<Delivery>;

export const deliveryAnswer = pageAnswer(delivery).extend({
  persisted: spanOfEvents.meta({ description: 'The events of the run in the log' }),
}) satisfies z.ZodType<DeliveryPage>;

export const retryAnswer = z.object({
  thread_id: z.uuid(),
  message_id: z.string(),
  run_id: z.uuid(),
  state: z.enum(RUN_STATES),
  duplicate: z.boolean().meta({ description: 'The run had been retried before: this is that retry' }),
}) satisfies z.ZodType<RetriedRun>;
