import { RUN_STATES } from '@goldenpath/protocol';
import { z } from 'zod';

const timestamp = z.string().meta({ format: 'date-time' });

/** What the run routes answer, for the OpenAPI document. */
export const runAnswer = z.object({
  id: z.uuid(),
  thread_id: z.uuid(),
  message_id: z.string(),
  status: z.enum(RUN_STATES),
  attempt: z.int().meta({ description: 'How often a worker has taken the run; 0 while it waits' }),
  cancel_requested: z.boolean(),
  created_at: timestamp,
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
  steps: z.array(z.object({ agent: z.string(), path: z.string(), status: z.string(), execution_time_ms: z.number() })),
  usage: z.record(z.string(), z.unknown()).nullable(),
  error: z.record(z.string(), z.unknown()).nullable(),
});

export const cancelAnswer = z.object({ run_id: z.uuid() });
