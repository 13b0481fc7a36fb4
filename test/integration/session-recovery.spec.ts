import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { SessionRecovery } from '../../src/auth/session-recovery.js';
import { Ids } from '../../src/telemetry/ids.js';
import { metricsOf } from '../support/metrics.js';
import { TestServer } from '../support/server.js';
import { identityOf } from '../support/submit.js';
import { until } from '../support/until.js';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

it('progress that the database refuses does not keep that of other sessions from being stored', async () => {
  const user = await server.register();
  const { json } = await server.call('POST', '/api/threads', { token: user.token, body: { title: 'a thread' } });
  const { id: threadId } = z.object({ id: z.string() }).parse(json);
  const session = await server.database.row<{ id: string }>('SELECT id FROM session WHERE user_id = $1', [user.id]);
  const recovery = server.get(SessionRecovery);
  const stranger = identityOf(user, server.get(Ids).next());
  // No bigint.
  recovery.acknowledged(stranger, threadId, 1e300);
  recovery.acknowledged(identityOf(user, session?.id ?? ''), threadId, 3);
  const stored = () => server.database.row('SELECT acked_seq FROM session_position WHERE thread_id = $1', [threadId]);
  expect(await until(stored, { message: 'the acknowledgement of the other session' })).toEqual({ acked_seq: 3 });
  const metrics = metricsOf(await (await fetch(`${server.url}/metrics`)).text());
  expect(metrics.get('goldenpath_session_records_dropped_total{reason="refused"}')).toBe(1);
});
