import { z } from 'zod';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from './page-cursor.js';
import { userText } from './user-text.js';

const METADATA_BYTES_MAX = 1024;
const CURSOR_LENGTH_MAX = 200;

/** What a message to the agents may carry, through whatever door it comes. */
export const MESSAGE_FIELDS = {
  text: userText(6000),
  message_id: userText(64).optional(),
  if_busy: z.enum(['enqueue', 'reject', 'interrupt']).optional(),
  agent: userText(64).optional(),
  priority: z.enum(['low', 'normal', 'high']).optional(),
  metadata: z
    .record(z.string(), z.json())
    .refine((metadata) => Buffer.byteLength(JSON.stringify(metadata)) <= METADATA_BYTES_MAX, {
      error: `Too large: at most ${METADATA_BYTES_MAX} bytes of JSON`,
    })
    .optional(),
};

export const TITLE = userText(200);

export const CURSOR = z.string().min(1).max(CURSOR_LENGTH_MAX).optional();

/** `limit` and `cursor` of a list in a frame. */
export const PAGE_FIELDS = { limit: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT), cursor: CURSOR };

/** The same in a query string, where a number is text. */
export const PAGE_QUERY = z.object({
  limit: z.coerce.number().pipe(z.int().min(1).max(PAGE_LIMIT_MAX)).default(PAGE_LIMIT_DEFAULT),
  cursor: CURSOR,
});
export type PageQuery = z.output<typeof PAGE_QUERY>;
