import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { SessionRegistry } from '../../src/auth/session-registry.js';
import { EventStreams } from '../../src/threads/event-streams.js';
import { EventSourceClient } from '../support/event-source.js';
import { accepted, eventTexts, finalEvent, finishRun, type FinishedRun } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';
import { until } from '../support/until.js';

let server: TestServer;
let user: TestUser;
let run: FinishedRun;

beforeAll(async () => {
  server = await TestServer.start();
  user = await server.register();
  run = await finishRun(await server.connect(user));
});
afterAll(() => server.stop());

const path = (query = ''): string => `/api/threads/${run.threadId}/events${query}`;
const bearer = () => ({ authorization: `Bearer ${user.token}` });
const stream = (query = '', headers = {}) =>
  EventSourceClient.open(`${server.url}${path(query)}`, { ...bearer(), ...headers });
const last = ({ id }: { id: string | undefined }): boolean => id === String(run.texts.length);

describe('server-sent events of a thread', () => {
  it('are the log, byte for byte: id is the seq, event the type', async () => {
    const client = await stream('?after_seq=0');
    expect(client.response.status).toBe(200);
    expect(client.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await client.next(last);
    expect(client.events.map(({ data }) => data)).toEqual(run.texts);
    expect(client.events.map(({ id }) => id)).toEqual(run.texts.map((_text, index) => String(index + 1)));
    const types = run.texts.map((text) => z.object({ type: z.string() }).parse(JSON.parse(text)).type);
    expect(client.events.map(({ event }) => event)).toEqual(types);
    client.close();
  });

  it('go on after Last-Event-ID, which wins over after_seq', async () => {
    const client = await stream('?after_seq=0', { 'last-event-id': '5' });
    await client.next(last);
    expect(client.events.map(({ data }) => data)).toEqual(run.texts.slice(5));
    client.close();
  });

  it('are live', async () => {
    const socket = await server.connect(user);
    const { thread_id: threadId } = accepted.parse(await socket.ask({ type: 'user_message', text: 'first' }));
    const client = await EventSourceClient.open(`${server.url}/api/threads/${threadId}/events?after_seq=0`, bearer());
    const { run_id: runId } = accepted.parse(
      await socket.ask({ type: 'user_message', text: 'second', thread_id: threadId }),
    );
    await finalEvent(socket, runId);
    const whole = eventTexts(socket, threadId);
    await client.next(({ id }) => id === String(whole.length));
    expect(client.events.filter(({ id }) => id !== undefined).map(({ data }) => data)).toEqual(whole);
    client.close();
    socket.close();
  });

  it('open with a ticket in the place of a header, once', async () => {
    const answer = await server.call('POST', '/api/auth/ws-ticket', { token: user.token });
    const { ticket } = z.object({ ticket: z.string() }).parse(answer.json);
    const url = `${server.url}${path(`?after_seq=0&ticket=${ticket}`)}`;
    const client = await EventSourceClient.open(url);
    await client.next(last);
    client.close();
    expect((await EventSourceClient.open(url)).response.status).toBe(401);
  });

  it('refuse a position ahead of the log and one that is none', async () => {
    const headers = { accept: 'text/event-stream' };
    const ahead = await server.call('GET', path('?after_seq=100000'), { token: user.token, headers });
    expect([ahead.status, ahead.json]).toMatchObject([
      409,
      { error: { code: 'cursor_ahead', details: { last_seq: run.texts.length } } },
    ]);
    const wrong = await server.call('GET', path(), {
      token: user.token,
      headers: { ...headers, 'last-event-id': 'x' },
    });
    expect([wrong.status, wrong.json]).toMatchObject([400, { error: { code: 'validation_failed' } }]);
    expect((await server.call('GET', path(), { headers })).status).toBe(401);
  });

  it('end with the session', async () => {
    const other = await server.register();
    const socket = await server.connect(other);
    const { threadId } = await finishRun(socket);
    const client = await EventSourceClient.open(`${server.url}/api/threads/${threadId}/events`, {
      authorization: `Bearer ${other.token}`,
    });
    await server.call('POST', '/api/auth/logout', { token: other.token });
    await until(() => client.ended, { timeoutMs: 1_000, message: 'the end of the stream' });
  });

  it('do not begin when the session ends right after its token was found good', async () => {
    const { token } = await server.register();
    const { json } = await server.call('POST', '/api/threads', { token, body: {} });
    const registry = server.get(SessionRegistry);
    const requireLive = registry.requireLive.bind(registry);
    const checking = jest.spyOn(registry, 'requireLive').mockImplementationOnce(async (sessionId) => {
      const session = await requireLive(sessionId);
      await server.call('POST', '/api/auth/logout', { token });
      return session;
    });
    const late = await server.call('GET', `/api/threads/${(json as { id: string }).id}/events`, {
      token,
      headers: { accept: 'text/event-stream' },
    });
    checking.mockRestore();
    expect([late.status, late.json]).toMatchObject([401, { error: { code: 'token_revoked' } }]);
    await until(() => server.get(EventStreams).size === 0, { message: 'no stream to be left' });
  });
});

describe('a page of events', () => {
  it('is the same log as JSON, from page to page', async () => {
    const { token } = user;
    const found: unknown[] = [];
    for (let query: string | undefined = '?limit=7'; query !== undefined;) {
      const answer = await server.call('GET', path(query), { token });
      const { data, next_cursor: cursor } = z
        .object({ data: z.array(z.unknown()), next_cursor: z.string().nullable() })
        .parse(answer.json);
      found.push(...data);
      query = cursor === null ? undefined : `?limit=7&cursor=${cursor}`;
    }
    expect(found).toEqual(run.texts.map((text): unknown => JSON.parse(text)));
    const rest = await server.call('GET', path('?after_seq=5'), { token });
    expect(rest.text).toBe(`{"data":[${run.texts.slice(5).join(',')}],"next_cursor":null}`);
  });
});
