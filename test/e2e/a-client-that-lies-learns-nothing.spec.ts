import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { JsonObject } from '../../src/context/json.js';
import { finishRun } from '../support/finished-run.js';
import { TestServer, type TestUser } from '../support/server.js';
import { until } from '../support/until.js';

let server: TestServer;
let owner: TestUser;
let liar: TestUser;

beforeAll(async () => {
  server = await TestServer.start();
  owner = await server.register();
  liar = await server.register();
});
afterAll(() => server.stop());

const NOBODYS = '01920000-0000-7000-8000-000000000000';

/** Everything that names a thread or a run. */
const claims = (threadId: string, runId: string): JsonObject[] => [
  { type: 'subscribe', threads: [{ thread_id: threadId, after_seq: 0 }] },
  { type: 'subscribe', threads: [{ thread_id: threadId }] },
  { type: 'ack', thread_id: threadId, seq: 1 },
  { type: 'ack', thread_id: threadId, seq: 0 },
  { type: 'get_thread_history', thread_id: threadId },
  { type: 'rename_thread', thread_id: threadId, title: 'mine' },
  { type: 'delete_thread', thread_id: threadId },
  { type: 'user_message', thread_id: threadId, text: 'hello' },
  { type: 'cancel_run', run_id: runId },
  { type: 'approve_tool', run_id: runId, tool_call_id: runId, approved: true },
];

/** An answer without what names the thing asked for, and without what differs each time. */
const anonymous = (answer: JsonObject, threadId: string): unknown =>
  JSON.parse(JSON.stringify({ ...answer, in_reply_to: undefined }).replaceAll(threadId, 'THREAD'));

describe('a client that claims what is not its own', () => {
  it('gets nothing kept that is no thread: what others acknowledge is stored all the same', async () => {
    const client = await server.connect(liar);
    for (const threadId of ['x', NOBODYS, '']) {
      const answer = await client.ask({ type: 'ack', thread_id: threadId, seq: 0 });
      expect(answer).toMatchObject({ type: 'error', code: 'thread_not_found' });
    }
    const reader = await server.connect(owner);
    const { threadId } = await finishRun(reader);
    reader.send({ type: 'ack', thread_id: threadId, seq: 2 });
    const acknowledged = async () => {
      const rows = await server.database.rows<{ acked_seq: number | null }>(
        'SELECT acked_seq FROM session_position WHERE thread_id = $1 AND acked_seq = 2',
        [threadId],
      );
      return rows.length > 0;
    };
    await until(acknowledged, { message: 'the position of the other session to be stored' });
    reader.close();
    client.close();
  });

  it('is answered as if it did not exist, and gets no event of it', async () => {
    const reader = await server.connect(owner);
    const { threadId, runId } = await finishRun(reader);
    const client = await server.connect(liar);
    for (const [index, claim] of claims(threadId, runId).entries()) {
      const ofNobody = claims(NOBODYS, NOBODYS)[index] ?? {};
      const answer = await client.ask(claim);
      expect(anonymous(answer, threadId)).toEqual(anonymous(await client.ask(ofNobody), NOBODYS));
    }
    const before = client.frames.length;
    await reader.ask({ type: 'rename_thread', thread_id: threadId, title: 'a secret' });
    await reader.next('thread_updated');
    await client.ask({ type: 'ping' });
    expect(client.frames.slice(before).map(({ type }) => type)).toEqual(['pong']);
    expect(client.texts.join()).not.toContain(owner.id);
    expect(await reader.ask({ type: 'get_thread_history', thread_id: threadId })).toMatchObject({
      type: 'thread_history',
    });
    reader.close();
    client.close();
  });
});

describe('a client that acknowledges what it can not have', () => {
  it.each([1, 2 ** 31, Number.MAX_SAFE_INTEGER])('is told where its thread ends, %d ahead of it', async (ahead) => {
    const client = await server.connect(owner);
    const { threadId, texts } = await finishRun(client, 'What can you do?');
    const seq = Math.min(texts.length + ahead, Number.MAX_SAFE_INTEGER);
    const error = await client.ask({ type: 'ack', thread_id: threadId, seq });
    expect(error).toMatchObject({ code: 'cursor_ahead', details: { last_seq: texts.length } });
    const subscribing = { type: 'subscribe', threads: [{ thread_id: threadId, after_seq: seq }] };
    expect(await client.ask(subscribing)).toMatchObject({ threads: [{ error: { code: 'cursor_ahead' } }] });
    client.close();
  });
});

describe('a ticket that is shown many times at once', () => {
  it('opens one connection', async () => {
    const answer = await server.call('POST', '/api/auth/ws-ticket', { token: liar.token });
    const { ticket } = z.object({ ticket: z.string() }).parse(answer.json);
    const clients = await Promise.all(Array.from({ length: 20 }, () => server.socket(`?ticket=${ticket}`)));
    const firsts = await Promise.all(clients.map((client) => client.next(({ type }) => type !== undefined)));
    expect(firsts.filter(({ type }) => type === 'connection_ready')).toHaveLength(1);
    expect(firsts.filter(({ code }) => code === 'ticket_invalid')).toHaveLength(19);
    for (const client of clients) client.close();
  });
});
