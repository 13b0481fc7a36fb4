import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ADMIN, adminToken } from '../support/admin.js';
import { accepted, eventTexts, finalEvent } from '../support/finished-run.js';
import { Gates } from '../support/gates.js';
import { script, type Step } from '../support/scripted-agent.js';
import { ScriptedModule } from '../support/scripted.module.js';
import { TestServer, type TestUser } from '../support/server.js';
import type { SocketClient } from '../support/socket.js';

let server: TestServer;
let token: string;
let user: TestUser;
let client: SocketClient;

beforeAll(async () => {
  server = await TestServer.start(ADMIN, [ScriptedModule]);
  token = await adminToken(server);
  user = await server.register();
  client = await server.connect(user);
});
afterAll(() => server.stop());

const admin = (method: string, path: string) => server.call(method, `/api/admin/${path}`, { token });
const page = z.object({ data: z.array(z.record(z.string(), z.unknown())), next_cursor: z.string().nullable() });
const items = async (path: string) => page.parse((await admin('GET', path)).json).data;
const ask = async (...steps: Step[]) =>
  accepted.parse(await client.ask({ type: 'user_message', agent: 'scripted', text: script(...steps) }));

describe('a platform admin', () => {
  it('searches runs and reads the log of one, as its user saw it', async () => {
    const { run_id: runId, thread_id: threadId } = await ask({ think: 'a thought' }, { answer: 'done' });
    await finalEvent(client, runId);
    const found = await items(`runs?status=completed&user_id=${user.id}&thread_id=${threadId}`);
    expect(found).toEqual([expect.objectContaining({ id: runId, status: 'completed', tenant_id: user.tenantId })]);
    expect((await admin('GET', `runs/${runId}`)).json).toMatchObject({ id: runId, user_id: user.id });
    const texts = eventTexts(client, threadId).filter((text) => text.includes(`"run_id":"${runId}"`));
    const { text } = await admin('GET', `runs/${runId}/events`);
    expect(text).toBe(`{"data":[${texts.join(',')}],"next_cursor":null}`);
    const first = page.parse((await admin('GET', `runs/${runId}/events?limit=2`)).json);
    const rest = page.parse((await admin('GET', `runs/${runId}/events?cursor=${first.next_cursor ?? ''}`)).json);
    expect([...first.data, ...rest.data].map(({ seq }) => seq)).toEqual(
      texts.map((each) => z.object({ seq: z.number() }).parse(JSON.parse(each)).seq),
    );
  });

  it('cancels a run, and the audit log says who did', async () => {
    const { run_id: runId } = await ask({ gate: 'cancelled' }, { answer: 'never' });
    await server.get(Gates).reached('cancelled');
    expect(await admin('POST', `runs/${runId}/cancel`)).toMatchObject({ status: 202, json: { run_id: runId } });
    expect(await finalEvent(client, runId)).toMatchObject({ status: 'cancelled' });
    expect(await admin('POST', `runs/${runId}/cancel`)).toMatchObject({ status: 409 });
    expect(await admin('POST', `runs/${runId}/retry`)).toMatchObject({ status: 409 });
    expect(await items('audit')).toContainEqual(
      expect.objectContaining({ action: 'run_cancelled', target_kind: 'run', target_id: runId }),
    );
  });

  it('reads why a run failed under the id that its user was shown, and retries it once, as a new run', async () => {
    const { run_id: runId, thread_id: threadId } = await ask({ fail: 'a detail of the failure' });
    const { error } = z.object({ error: z.object({ error_id: z.string() }) }).parse(await finalEvent(client, runId));
    expect(await admin('GET', `error-reports/${error.error_id}`)).toMatchObject({
      status: 200,
      json: { id: error.error_id, run_id: runId, user_id: user.id, stack: expect.stringContaining('at ') },
    });
    expect((await admin('GET', `error-reports/${error.error_id}`)).text).not.toContain('a detail of the failure');
    const retried = await admin('POST', `runs/${runId}/retry`);
    expect(retried).toMatchObject({ status: 202, json: { thread_id: threadId, duplicate: false } });
    const again = accepted.parse(retried.json);
    expect(again.run_id).not.toBe(runId);
    await finalEvent(client, again.run_id);
    const twice = await admin('POST', `runs/${runId}/retry`);
    expect(twice.json).toMatchObject({ run_id: again.run_id, duplicate: true });
    expect((await admin('GET', `runs/${runId}`)).json).toMatchObject({ status: 'failed' });
  });

  it('lists users, sessions, threads and connections, and sees the settings without a secret', async () => {
    const other = await server.register();
    expect((await items('users')).map(({ id }) => id)).toContain(other.id);
    expect((await items(`sessions?user_id=${user.id}`)).map(({ user_id: id }) => id)).toEqual([user.id]);
    const threads = await items(`threads?user_id=${user.id}`);
    expect(threads.length).toBeGreaterThan(0);
    expect(threads.some((thread) => 'title' in thread)).toBe(false);
    expect((await items('connections')).map(({ user_id: id }) => id)).toContain(user.id);
    const settings = await admin('GET', 'settings');
    expect(settings.json).toMatchObject({ environment: 'test', limits: { connections_per_user: 10 } });
    for (const secret of [ADMIN.ADMIN_PASSWORD, 'PRIVATE KEY', 'postgres:'])
      expect(settings.text).not.toContain(secret);
  });

  it('is the only one who may: others get 403, and 401 without a token; what does not exist is 404', async () => {
    const paths = ['users', 'sessions', 'threads', 'connections', 'runs', 'runs/x', 'runs/x/events', 'runs/x/delivery'];
    for (const path of [...paths, 'error-reports/x', 'settings', 'audit']) {
      const [stranger, nobody] = [
        await server.call('GET', `/api/admin/${path}`, { token: user.token }),
        await server.call('GET', `/api/admin/${path}`),
      ];
      expect([path, stranger.status, nobody.status]).toEqual([path, 403, 401]);
    }
    for (const path of ['runs/x/cancel', 'runs/x/retry']) {
      expect((await server.call('POST', `/api/admin/${path}`, { token: user.token })).status).toBe(403);
      expect((await admin('POST', path)).status).toBe(404);
    }
    for (const path of ['runs/x', 'runs/x/events', 'runs/x/delivery', `error-reports/${user.id}`])
      expect((await admin('GET', path)).status).toBe(404);
    expect((await admin('GET', 'sessions?limit=0')).status).toBe(400);
    expect((await admin('GET', 'audit?cursor=nonsense')).status).toBe(400);
  });
});
