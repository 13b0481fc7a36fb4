import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { TestServer, type TestUser } from '../support/server.js';

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
});
afterAll(() => server.stop());

const UNKNOWN = '01890000-0000-7000-8000-000000000000';
const idOf = (json: unknown): string => z.object({ id: z.string() }).parse(json).id;

describe('threads over REST', () => {
  it('are created, read, listed, renamed and deleted with the right status', async () => {
    const { token } = user;
    const created = await server.call('POST', '/api/threads', { token, body: { title: 'first' } });
    expect([created.status, created.json]).toMatchObject([201, { title: 'first', last_seq: 0, message_count: 0 }]);
    const path = `/api/threads/${idOf(created.json)}`;
    const unnamed = await server.call('POST', '/api/threads', { token });
    expect([unnamed.status, unnamed.json]).toMatchObject([201, { title: null }]);
    const found = await server.call('GET', path, { token });
    expect([found.status, found.json]).toEqual([200, created.json]);

    const list = await server.call('GET', '/api/threads?limit=1', { token });
    expect(list.json).toMatchObject({ data: [{ id: idOf(unnamed.json) }], next_cursor: expect.any(String) });
    const { next_cursor: cursor } = z.object({ next_cursor: z.string() }).parse(list.json);
    const rest = await server.call('GET', `/api/threads?cursor=${cursor}`, { token });
    expect(rest.json).toEqual({ data: [created.json], next_cursor: null });

    const renamed = await server.call('PATCH', path, { token, body: { title: 'second' } });
    expect([renamed.status, renamed.json]).toMatchObject([200, { title: 'second', last_seq: 1 }]);
    const deleted = await server.call('DELETE', path, { token });
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await server.call('GET', path, { token })).status).toBe(404);
  });

  it('that are unknown, deleted, foreign or no id at all are answered alike', async () => {
    const stranger = await server.register();
    const foreign = idOf((await server.call('POST', '/api/threads', { token: stranger.token, body: {} })).json);
    const deleted = idOf((await server.call('POST', '/api/threads', { token: user.token, body: {} })).json);
    await server.call('DELETE', `/api/threads/${deleted}`, { token: user.token });
    const answers = new Set<string>();
    for (const id of [UNKNOWN, 'nonsense', foreign, deleted]) {
      const at = (method: string, rest = '', body?: unknown) =>
        server.call(method, `/api/threads/${id}${rest}`, { token: user.token, body });
      for (const answer of [
        await at('GET'),
        await at('PATCH', '', { title: 'x' }),
        await at('DELETE'),
        await at('GET', '/messages'),
        await at('POST', '/messages', { text: 'x' }),
        await at('GET', '/events'),
        await server.call('GET', `/api/threads/${id}/events`, {
          token: user.token,
          headers: { accept: 'text/event-stream' },
        }),
      ]) {
        answers.add(`${answer.status} ${answer.text}`);
      }
    }
    expect([...answers]).toEqual([
      '404 {"error":{"code":"thread_not_found","message":"There is no such thread.","retryable":false}}',
    ]);
  });

  it('take messages with 202, the same message_id once, and refuse wrong ones with their place', async () => {
    const { token } = user;
    const threadId = idOf((await server.call('POST', '/api/threads', { token, body: {} })).json);
    const path = `/api/threads/${threadId}/messages`;
    const body = { text: 'Analyze my AI costs', message_id: 'mine' };
    const first = await server.call('POST', path, { token, body });
    expect([first.status, first.json]).toMatchObject([
      202,
      { thread_id: threadId, message_id: 'mine', run_id: expect.any(String) },
    ]);
    const { run_id: runId } = z.object({ run_id: z.string() }).parse(first.json);
    const again = await server.call('POST', path, { token, body });
    expect([again.status, again.json]).toMatchObject([202, { run_id: runId, duplicate: true }]);
    const conflict = await server.call('POST', path, { token, body: { ...body, text: 'other' } });
    expect([conflict.status, conflict.json]).toMatchObject([409, { error: { code: 'message_id_conflict' } }]);
    for (const wrong of [{}, { text: '' }, { text: 'x'.repeat(6001) }, { text: 'x', if_busy: 'no' }, []]) {
      const refused = await server.call('POST', path, { token, body: wrong });
      expect([refused.status, refused.json]).toMatchObject([400, { error: { code: 'validation_failed' } }]);
    }
    expect((await server.call('GET', path, { token })).json).toMatchObject({
      // The answer may stand behind it already.
      data: expect.arrayContaining([expect.objectContaining({ id: 'mine', role: 'user' })]),
    });
    expect((await server.call('GET', path)).status).toBe(401);
  });
});
