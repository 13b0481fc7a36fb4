import { z } from 'zod';
import { PASSWORD, type TestServer } from './server.js';

/** Variables that give a test server a platform admin. */
export const ADMIN = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: PASSWORD } as const;

/** The access token of that admin. */
export async function adminToken(server: TestServer): Promise<string> {
  const body = { email: ADMIN.ADMIN_EMAIL, password: ADMIN.ADMIN_PASSWORD };
  const { json } = await server.call('POST', '/api/auth/login', { body });
  return z.object({ access_token: z.string() }).parse(json).access_token;
}

const position = z.number().nullable();
const time = z.iso.datetime().nullable();
const delivery = z.object({
  run_id: z.string(),
  connection_id: z.string(),
  user_id: z.string(),
  thread_id: z.string(),
  door: z.enum(['socket', 'stream']),
  persisted_seq: position,
  sent: z.object({ first_seq: position, last_seq: position, count: z.number(), first_at: time, last_at: time }),
  acked: z.object({ last_seq: position, count: z.number(), at: time }),
  catch_ups: z.number(),
  failed: z.object({ last_seq: position, count: z.number() }),
  last_error: z.string().nullable(),
  last_error_at: time,
  stalled_since: time,
  closed_at: time,
});
const deliveries = z.object({
  data: z.array(delivery),
  next_cursor: z.string().nullable(),
  persisted: z.object({ first_seq: position, last_seq: position, count: z.number(), first_at: time, last_at: time }),
});

export type DeliveryRow = z.infer<typeof delivery>;

/** What the admin reads of a run's delivery. `run`: its id, and a query. */
export async function deliveryOf(server: TestServer, token: string, run: string) {
  const [runId = '', query = ''] = run.split('?');
  const { json } = await server.call('GET', `/api/admin/runs/${runId}/delivery?${query}`, { token });
  return deliveries.parse(json);
}
