import { RUN_STATES } from '@goldenpath/protocol';
import { z } from 'zod';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '../threads/page-cursor.js';

const limit = z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT);

/** `?limit=&cursor=` */
export const pageQuery = z.object({ limit, cursor: z.string().max(200).optional() });
export type PageQuery = z.output<typeof pageQuery>;

/** The same, of one user. */
export const userPageQuery = pageQuery.extend({ user_id: z.uuid().optional() });
export type UserPageQuery = z.output<typeof userPageQuery>;

export const runsQuery = userPageQuery.extend({
  status: z.enum(RUN_STATES).optional(),
  thread_id: z.uuid().optional(),
});
export type RunsQuery = z.output<typeof runsQuery>;
